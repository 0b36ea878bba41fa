public import Foundation

/// A picture or video in the library.
public struct Media: Codable, Hashable, Identifiable, Versioned, Sendable {
    /// The same picture in another size.
    public struct Rendition: Codable, Hashable, Sendable {
        /// What it is made for, such as `thumbnail` or `instagram`.
        public var name: String
        public var mimeType: String
        public var width: Int
        public var height: Int
        public var sizeBytes: Int
        public var url: String
    }

    public var id: String
    /// Nil: it is for all brands.
    public var brandId: String?
    public var folderId: String?
    /// `IMAGE`, `GIF` or `VIDEO`.
    public var kind: String
    /// What the server found it to be, such as `image/png`.
    public var mimeType: String
    public var filename: String
    public var sizeBytes: Int
    /// Of the bytes as they are kept, in hex.
    public var sha256: String
    public var width: Int?
    public var height: Int?
    public var frames: Int?
    public var hasAlpha: Bool?
    public var altText: String?
    public var tags: [String]
    /// `UPLOAD`, `URL`, `AI` or `IMPORT`.
    public var source: String
    /// What a generated one was asked to show.
    public var aiPrompt: String?
    /// Signed: it works without a key.
    public var url: String
    public var thumbnailUrl: String?
    public var renditions: [Rendition]
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// What is to be different about a picture or video. What is not named stays.
public struct MediaChange: Encodable, Hashable, Sendable {
    public var filename: String?
    public var altText: Change<String> = .keep
    public var folderId: Change<String> = .keep
    public var brandId: Change<String> = .keep
    public var tags: [String]?

    public init(
        filename: String? = nil, altText: Change<String> = .keep, folderId: Change<String> = .keep,
        brandId: Change<String> = .keep, tags: [String]? = nil
    ) {
        self.filename = filename
        self.altText = altText
        self.folderId = folderId
        self.brandId = brandId
        self.tags = tags
    }
}
