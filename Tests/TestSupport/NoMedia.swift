package import Contract
package import Core
package import Features

/// A media library that is never used: it has nothing and takes nothing.
package struct NoMedia: MediaVault, MediaWorkshop, MediaLinks {
    package struct Unused: Error {}

    package init() {}

    package func put(_ key: String, _ bytes: [UInt8], type: String) async throws { throw Unused() }
    package func put(_ key: String, file path: String, type: String) async throws { throw Unused() }
    package func pieces(of key: String) async throws -> (size: Int, send: ReplyStream)? { nil }
    package func get(_ key: String) async throws -> [UInt8]? { nil }
    package func delete(_ key: String) async throws {}
    package func sniff(_ head: [UInt8]) -> (kind: Media.Kind, type: String)? { nil }
    package func process(_ bytes: [UInt8]) async throws -> ProcessedPicture { throw Unused() }
    package func bitmap(_ bytes: [UInt8], within side: Int) async throws -> Bitmap { throw Unused() }
    package func url(of media: MediaID, in organization: OrganizationID, part: String, filename: String) -> String { "" }
}
