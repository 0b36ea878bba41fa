package import Contract
package import Core

/// What a request for captions says.
package struct CaptionInput: APIInput {
    package var brandID: BrandID = ID("")
    package var topic: String?
    package var platforms: [Platform] = []
    package var count = 3
    package var tone: String?
    package var goals: [String] = []
    package var postID: PostID?

    package init() {}

    package static let name = "CaptionInput"
    package static let fields: [InputField<Self>] = [
        InputField("brandId", "The brand that speaks.", required: true) { $0.brandID = $1 },
        InputField("topic", "What the captions are about; with postId, the post's own words when absent.", .length(1...500)) {
            $0.topic = $1
        },
        InputField("prompt", "The same as topic.", .length(1...500)) { $0.topic = $1 },
        InputField("platforms", "Where they are to be shown; the brand's platforms when absent.", .count(1...14)) {
            $0.platforms = $1
        },
        InputField("count", "How many for each platform; 3 unless said otherwise.", .range(1...10)) { $0.count = $1 },
        InputField("tone", "How they sound, instead of the brand's own tone.", .length(1...500)) { $0.tone = $1 },
        InputField("goals", "What they are to achieve.", .count(0...20), .each(.length(1...500))) { $0.goals = $1 },
        InputField("postId", "A post to vary: its words, and its platforms when none are said.") { $0.postID = $1 },
    ]
    package static let example: JSONValue = [
        "brandId": "clx456def", "topic": "Our new rye bread", "platforms": ["instagram", "x"], "count": 3,
    ]
}

/// The same as its worker reads it: everything said.
package struct CaptionOrder: Sendable, Hashable {
    package var topic: String
    package var platforms: [Platform]
    package var count: Int
    package var tone: String?
    package var goals: [String]

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("topic", .string(topic)), .init("platforms", .array(platforms.map { .string($0.rawValue) })),
            .init("count", .int(Int64(count))), .init("goals", .array(goals.map { .string($0) })),
        ]
        if let tone { members.append(.init("tone", .string(tone))) }
        return .object(members)
    }

    init(topic: String, platforms: [Platform], count: Int, tone: String?, goals: [String]) {
        self.topic = topic
        self.platforms = platforms
        self.count = count
        self.tone = tone
        self.goals = goals
    }

    /// Nil for what another version wrote.
    package init?(stored text: String) {
        guard let json = try? JSONValue(parsing: text), let topic = json["topic"]?.string,
            let names = json["platforms"]?.array, let count = json["count"]?.int
        else { return nil }
        self.topic = topic
        platforms = names.compactMap { $0.string.flatMap(Platform.init(rawValue:)) }
        self.count = Int(count)
        tone = json["tone"]?.string
        goals = json["goals"]?.array?.compactMap(\.string) ?? []
    }
}

/// What a job for captions made.
package struct CaptionResult: APIObject {
    package var variants: [Variant]
    package var provider: String
    package var notes: [String]

    package init(variants: [Variant], provider: String, notes: [String]) {
        self.variants = variants
        self.provider = provider
        self.notes = notes
    }

    /// One caption for one platform.
    package struct Variant: APIObject {
        package var platform: Platform
        package var caption: String
        package var hashtags: [String]

        package init(platform: Platform, caption: String, hashtags: [String]) {
            self.platform = platform
            self.caption = caption
            self.hashtags = hashtags
        }

        package static let name = "CaptionVariant"
        package static let properties: [Property<Self>] = [
            Property("platform", "The platform that it fits.") { $0.platform },
            Property("caption", "The whole text with its hashtags, within the platform's length.") { $0.caption },
            Property("hashtags", "Its hashtags.") { $0.hashtags },
        ]
        package static let example = Variant(platform: .x, caption: "Rye, fresh every day. #rye", hashtags: ["#rye"])
    }

    package static let name = "CaptionResult"
    package static let properties: [Property<Self>] = [
        Property("variants", "The captions, by platform.") { $0.variants },
        Property("provider", "Who wrote them: a model, or offline-template for templates without AI.") { $0.provider },
        Property("notes", "What to know of them.") { $0.notes },
    ]
    package static let example = CaptionResult(variants: [.example], provider: "offline-template", notes: [])
}

/// What a request for hashtags says.
package struct HashtagInput: APIInput {
    package var brandID: BrandID = ID("")
    package var text = ""
    package var count = 5

    package init() {}

    package static let name = "HashtagInput"
    package static let fields: [InputField<Self>] = [
        InputField("brandId", "The brand whose hashtags they are.", required: true) { $0.brandID = $1 },
        InputField("text", "The caption or topic that they are for.", required: true, .length(1...5_000)) { $0.text = $1 },
        InputField("count", "How many at most; 5 unless said otherwise.", .range(1...30)) { $0.count = $1 },
    ]
    package static let example: JSONValue = ["brandId": "clx456def", "text": "Our new rye bread"]
}

/// Hashtags that the brand has used, for a text.
package struct HashtagResult: APIObject {
    package var hashtags: [String]
    package var provider: String
    package var notes: [String]

    package init(hashtags: [String], provider: String, notes: [String]) {
        self.hashtags = hashtags
        self.provider = provider
        self.notes = notes
    }

    package static let name = "Hashtags"
    package static let properties: [Property<Self>] = [
        Property("hashtags", "The best first, each with its #.") { $0.hashtags },
        Property("provider", "Who chose them.") { $0.provider },
        Property("notes", "What to know of them.") { $0.notes },
    ]
    package static let example = HashtagResult(hashtags: ["#rye"], provider: "offline-template", notes: [])
}

/// Chooses hashtags.
package protocol HashtagChooser: Sendable {
    /// - Parameter history: captions of the brand's posts, newest first.
    /// - Throws: ``APIError``.
    func hashtags(for input: HashtagInput, brand: Brand, history: [String]) async throws -> HashtagResult
}
