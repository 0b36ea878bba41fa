/// How a brand speaks. Everything may be empty.
public struct Voice: Codable, Hashable, Sendable {
    public var description: String
    public var tone: String
    public var audience: String
    public var dos: [String]
    public var donts: [String]
    /// Words that never appear in anything generated.
    public var bannedWords: [String]
    /// Hashtags that go together.
    public var hashtagSets: [[String]]
}

/// What is to be different about a voice.
public struct VoiceInput: Encodable, Hashable, Sendable {
    public var description: String?
    public var tone: String?
    public var audience: String?
    public var dos: [String]?
    public var donts: [String]?
    public var bannedWords: [String]?
    public var hashtagSets: [[String]]?

    public init(tone: String? = nil, audience: String? = nil, bannedWords: [String]? = nil) {
        self.tone = tone
        self.audience = audience
        self.bannedWords = bannedWords
    }
}
