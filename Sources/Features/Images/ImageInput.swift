package import Contract
package import Core

/// What a request for pictures says.
package struct ImageInput: APIInput {
    package var prompt = ""
    package var brandID: BrandID = ID("")
    package var platform: Platform?
    package var count = 1
    package var style: String?
    package var width: Int?
    package var height: Int?

    package init() {}

    package static let name = "ImageInput"
    package static let fields: [InputField<Self>] = [
        InputField("prompt", "What the picture shows; on a brand card, its text.", required: true, .length(1...3_500)) {
            $0.prompt = $1
        },
        InputField("brandId", "The brand it is for.", required: true) { $0.brandID = $1 },
        InputField("platform", "Where it is to be shown: decides its size.") { $0.platform = $1 },
        InputField("count", "How many; each costs the price of a picture.", .range(1...4)) { $0.count = $1 },
        InputField("style", "Its style, in words.", .length(1...300)) { $0.style = $1 },
        InputField("width", "In pixels; instead of the platform's size, with height.", .range(64...4_096)) { $0.width = $1 },
        InputField("height", "In pixels; with width.", .range(64...4_096)) { $0.height = $1 },
    ]
    package static let example: JSONValue = [
        "prompt": "A mountain at dawn", "brandId": "clx456def", "platform": "instagram",
    ]

    func checked() throws(APIError) -> ImageInput {
        var issues: [FieldIssue] = []
        if prompt.allSatisfy(\.isWhitespace) { issues.append(FieldIssue("prompt", "must say what the picture shows")) }
        if (width == nil) != (height == nil) {
            issues.append(FieldIssue(width == nil ? "width" : "height", "is required with the other of width and height"))
        }
        guard issues.isEmpty else { throw .invalid(issues) }
        return self
    }
}
