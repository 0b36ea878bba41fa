package import Contract
package import Core

/// Where the bytes of the library are kept.
package protocol MediaVault: Sendable {
    /// Durable when it returns.
    func put(_ key: String, _ bytes: [UInt8], type: String) async throws
    /// The same from a file on this machine.
    func put(_ key: String, file path: String, type: String) async throws
    /// Pieces of the object, or nil when there is none.
    func pieces(of key: String) async throws -> (size: Int, send: ReplyStream)?
    func get(_ key: String) async throws -> [UInt8]?
    func delete(_ key: String) async throws
}

/// What the library makes of uploaded bytes.
package protocol MediaWorkshop: Sendable {
    /// The kind and type by the first bytes; nil for what is not taken.
    func sniff(_ head: [UInt8]) -> (kind: Media.Kind, type: String)?
    /// The picture made safe, with its renditions.
    /// - Throws: ``APIError`` `unsupported_media` for what cannot be taken, `unavailable` when the workshop is busy.
    func process(_ bytes: [UInt8]) async throws -> ProcessedPicture
    /// The picture's first frame decoded, whole within a square of that side, never enlarged.
    /// - Throws: the same.
    func bitmap(_ bytes: [UInt8], within side: Int) async throws -> Bitmap
}

/// A picture after the workshop.
package struct ProcessedPicture: Sendable {
    package struct Part: Sendable {
        package var title: String
        package var bytes: [UInt8]
        package var type: String
        package var width: Int
        package var height: Int

        package init(title: String, bytes: [UInt8], type: String, width: Int, height: Int) {
            self.title = title
            self.bytes = bytes
            self.type = type
            self.width = width
            self.height = height
        }
    }

    package var original: Part
    package var frames: Int
    package var hasAlpha: Bool
    package var renditions: [Part]

    package init(original: Part, frames: Int, hasAlpha: Bool, renditions: [Part]) {
        self.original = original
        self.frames = frames
        self.hasAlpha = hasAlpha
        self.renditions = renditions
    }
}

/// Fetches what a URL names, through the address guard.
package protocol MediaFetcher: Sendable {
    /// - Throws: ``APIError`` 400 saying why it cannot be fetched.
    func fetch(_ url: String) async throws -> [UInt8]
}

/// Signs the addresses by which media can be fetched without a key.
package protocol MediaLinks: Sendable {
    func url(of media: MediaID, in organization: OrganizationID, part: String, filename: String) -> String
}
