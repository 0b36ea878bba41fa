package import Contract
package import Core

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
