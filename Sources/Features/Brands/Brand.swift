package import Contract
package import Core

/// Whose voice a post has: name, colours, accounts.
package struct Brand: Sendable {
    package var id: BrandID
    package var organizationID: OrganizationID
    package var name: String
    /// `#rrggbb`: background, accent, and optionally the text's colour.
    package var colors: [String]
    /// Whether a post without a picture gets a typeset one where the platform demands some.
    package var brandCards: Bool
    /// How it speaks: what captions and plans are written by.
    package var voice = Voice()
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

extension Brand: APIObject {
    package static let name = "Brand"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The brand's id.") { $0.id },
        Property("name", "The brand's name.") { $0.name },
        Property("colors", "Colours of brand cards: background, accent, text.") { $0.colors },
        Property("brandCards", "Whether posts without a picture get a brand card where the platform demands a picture.") {
            $0.brandCards
        },
        Property("voice", "How it speaks: what captions and plans are written by.") { $0.voice },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Brand(
        id: ID("clx456def"), organizationID: ID("clx789xyz"), name: "Acme", colors: defaultColors, brandCards: true,
        createdAt: Instant(seconds: 1_770_114_600), updatedAt: Instant(seconds: 1_770_114_600), version: 1)

    /// A calm dark blue with a warm accent, readable without any choice made.
    package static let defaultColors = ["#16324f", "#f2a541"]
}

/// What a request says of a brand.
package struct BrandInput: APIInput {
    package var name: String?
    package var colors: [String]?
    package var brandCards: Bool?
    package var voice = Change<VoiceInput>.keep

    package init() {}

    package static let name = "BrandInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "The brand's name.", .length(1...120)) { $0.name = $1 },
        InputField(
            "colors", "Two or three colours, `#rrggbb`: background, accent, text.", .count(2...3), .each(.hexColor)
        ) { $0.colors = $1 },
        InputField("brandCards", "Whether posts without a picture get a brand card.") { $0.brandCards = $1 },
        InputField("voice", "How it speaks; absent fields stay, null clears all of it.") { $0.voice = $1 },
    ]
    package static let example: JSONValue = [
        "name": "Acme", "colors": ["#16324f", "#f2a541"], "brandCards": true, "voice": VoiceInput.example,
    ]

    /// The voice that a brand has after this.
    func voice(over present: Voice) -> Voice {
        switch voice {
        case .keep: present
        case .clear: Voice()
        case .set(let input): input.applied(to: present)
        }
    }
}
