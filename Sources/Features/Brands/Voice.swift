package import Contract
package import Core

/// How a brand speaks. Everything may be empty.
package struct Voice: Sendable, Hashable {
    package var description = ""
    package var tone = ""
    package var audience = ""
    package var dos: [String] = []
    package var donts: [String] = []
    /// Words that never appear in anything generated.
    package var bannedWords: [String] = []
    /// Hashtags that go together.
    package var hashtagSets: [[String]] = []

    package init() {}
}

extension Voice: APIObject {
    package static let name = "Voice"
    package static let properties: [Property<Self>] = [
        Property("description", "What the brand is and offers.") { $0.description },
        Property("tone", "How it sounds.") { $0.tone },
        Property("audience", "Whom it speaks to.") { $0.audience },
        Property("dos", "What to do, in its own words.") { $0.dos },
        Property("donts", "What not to do.") { $0.donts },
        Property("bannedWords", "Words that never appear in anything generated.") { $0.bannedWords },
        Property("hashtagSets", "Hashtags that go together.") { $0.hashtagSets },
    ]
    package static var example: Voice {
        var voice = Voice()
        voice.tone = "warm and plain"
        voice.audience = "people who bake at home"
        voice.bannedWords = ["cheap"]
        voice.hashtagSets = [["#rye", "#sourdough"]]
        return voice
    }
}

/// What a request says of a voice.
package struct VoiceInput: APIInput {
    private var description: String?
    private var tone: String?
    private var audience: String?
    private var dos: [String]?
    private var donts: [String]?
    private var bannedWords: [String]?
    private var hashtagSets: [[String]]?

    package init() {}

    package static let name = "VoiceInput"
    package static let fields: [InputField<Self>] = [
        InputField("description", "What the brand is and offers.", .length(0...4_000)) { $0.description = $1 },
        InputField("tone", "How it sounds.", .length(0...500)) { $0.tone = $1 },
        InputField("audience", "Whom it speaks to.", .length(0...500)) { $0.audience = $1 },
        InputField("dos", "What to do.", .count(0...50), .each(.length(1...500))) { $0.dos = $1 },
        InputField("donts", "What not to do.", .count(0...50), .each(.length(1...500))) { $0.donts = $1 },
        InputField("bannedWords", "Words that never appear.", .count(0...200), .each(.length(1...80))) { $0.bannedWords = $1 },
        InputField(
            "hashtagSets", "Hashtags that go together, with or without #.", .count(0...20), .each(.count(1...30)),
            .each(.each(.length(1...100)))
        ) { $0.hashtagSets = $1 },
    ]
    package static let example: JSONValue = ["tone": "warm and plain", "bannedWords": ["cheap"]]

    func applied(to present: Voice) -> Voice {
        var voice = present
        voice.description = description ?? voice.description
        voice.tone = tone ?? voice.tone
        voice.audience = audience ?? voice.audience
        voice.dos = dos ?? voice.dos
        voice.donts = donts ?? voice.donts
        voice.bannedWords = bannedWords ?? voice.bannedWords
        voice.hashtagSets = hashtagSets ?? voice.hashtagSets
        return voice
    }

    /// What the database keeps is what a request could have said.
    static func stored(_ text: String?) -> Voice {
        guard let text, let json = try? JSONValue(parsing: text) else { return Voice() }
        var issues: [FieldIssue] = []
        return read(json, at: "", issues: &issues)?.applied(to: Voice()) ?? Voice()
    }
}
