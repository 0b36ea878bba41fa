package import Contract

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
