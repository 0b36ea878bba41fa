public import Foundation

/// A picture or video in the library.
public struct Media: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    public var filename: String?
    /// What the server found it to be, such as `image/png`.
    public var contentType: String?
    /// In bytes.
    public var size: Int?
    public var url: String?
    public var altText: String?
    public var width: Int?
    public var height: Int?
    public var folderId: String?
    public var createdAt: Date?
    public var updatedAt: Date?
    public var version: Int?

    /// For `ifMatch:`.
    public var etag: ETag? { version.map { ETag(version: $0) } }
}

/// What is to be different about a picture or video. What is not named stays.
public struct MediaChange: Encodable, Hashable, Sendable {
    public var filename: String?
    public var altText: Change<String> = .keep
    public var folderId: Change<String> = .keep

    public init(filename: String? = nil, altText: Change<String> = .keep, folderId: Change<String> = .keep) {
        self.filename = filename
        self.altText = altText
        self.folderId = folderId
    }
}
