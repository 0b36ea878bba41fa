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
