public import Foundation

/// What posts and accounts belong to.
public struct Brand: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var name: String
    /// `#RRGGBB`, for pictures made from text.
    public var colors: [String]
    /// Whether a post without a picture gets one where the platform demands one.
    public var brandCards: Bool
    /// The medium that such pictures show as the brand's logo.
    public var logoMediaId: String?
    /// How it speaks.
    public var voice: Voice
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// A brand to be created, with a name, or what is to be different about one.
public struct BrandInput: Encodable, Hashable, Sendable {
    public var name: String?
    public var colors: [String]?
    public var brandCards: Bool?
    /// A still picture of the media library.
    public var logoMediaId: Change<String> = .keep
    /// Absent fields of it stay.
    public var voice: Change<VoiceInput> = .keep

    public init(
        name: String? = nil, colors: [String]? = nil, brandCards: Bool? = nil, logoMediaId: Change<String> = .keep,
        voice: Change<VoiceInput> = .keep
    ) {
        self.name = name
        self.colors = colors
        self.brandCards = brandCards
        self.logoMediaId = logoMediaId
        self.voice = voice
    }
}
