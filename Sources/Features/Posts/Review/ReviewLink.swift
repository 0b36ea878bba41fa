package import Contract
package import Core

/// A link for somebody outside.
package struct ReviewLink: APIObject {
    package var url: String
    package var expiresAt: Instant

    package static let name = "ReviewLink"
    package static let properties: [Property<Self>] = [
        Property("url", "The link: whoever has it may decide.") { $0.url },
        Property("expiresAt", "When it stops working.") { $0.expiresAt },
    ]
    package static let example = ReviewLink(
        url: "https://social.acme.example/review/…", expiresAt: Instant(seconds: 1_770_373_800))
}

/// What a request says of a new link.
package struct ReviewLinkInput: APIInput {
    package var expiresInHours = 72

    package init() {}

    package static let name = "ReviewLinkInput"
    package static let fields: [InputField<Self>] = [
        InputField("expiresInHours", "How long it works; 72 unless said otherwise.", .range(1...720)) { $0.expiresInHours = $1 }
    ]
    package static let example: JSONValue = ["expiresInHours": 72]
}
