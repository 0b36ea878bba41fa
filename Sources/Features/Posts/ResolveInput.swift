package import Contract
package import Core

/// What a person found on the platform, where the server could not find out.
package struct ResolveInput: APIInput {
    package var isLive = false
    package var url: String?
    package var publicationID: PublicationID?

    package init() {}

    package static let name = "ResolveInput"
    package static let fields: [InputField<Self>] = [
        InputField("live", "true: it is visible; false: it is not, and may be published again.", required: true) {
            $0.isLive = $1
        },
        InputField("url", "Where it is visible.", .length(1...2048), .webAddress) { $0.url = $1 },
        InputField("publicationId", "The publication that was looked at; all that need attention, when absent.") {
            $0.publicationID = $1
        },
    ]
    package static let example: JSONValue = ["live": true, "url": "https://www.facebook.com/1234"]
}
