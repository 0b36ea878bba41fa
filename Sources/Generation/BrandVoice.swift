/// How a brand speaks: what generators are told about it. Everything but the name may be empty.
package struct BrandVoice: Hashable, Sendable {
    package var name: String
    package var description: String
    package var tone: String
    package var audience: String
    /// What to do and what not to, in the brand's own words.
    package var dos: [String]
    package var donts: [String]
    /// Words that never appear in anything generated.
    package var bannedWords: [String]
    /// Hashtags that go together, with or without `#`.
    package var hashtagSets: [[String]]

    package init(
        name: String, description: String = "", tone: String = "", audience: String = "", dos: [String] = [],
        donts: [String] = [], bannedWords: [String] = [], hashtagSets: [[String]] = []
    ) {
        self.name = name
        self.description = description
        self.tone = tone
        self.audience = audience
        self.dos = dos
        self.donts = donts
        self.bannedWords = bannedWords
        self.hashtagSets = hashtagSets
    }
}
