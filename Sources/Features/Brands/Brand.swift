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
    /// A picture of the library, shown on brand cards.
    package var logoMediaID: MediaID?
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
        Property("logoMediaId", "The picture of the media library that brand cards show as the brand's logo.") {
            $0.logoMediaID
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
