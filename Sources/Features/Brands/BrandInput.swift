package import Contract
package import Core

/// What a request says of a brand.
package struct BrandInput: APIInput {
    package var name: String?
    package var colors: [String]?
    package var brandCards: Bool?
    package var logoMediaID = Change<MediaID>.keep
    package var voice = Change<VoiceInput>.keep

    package init() {}

    package static let name = "BrandInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "The brand's name.", .length(1...120)) { $0.name = $1 },
        InputField(
            "colors", "Two or three colours, `#rrggbb`: background, accent, text.", .count(2...3), .each(.hexColor)
        ) { $0.colors = $1 },
        InputField("brandCards", "Whether posts without a picture get a brand card.") { $0.brandCards = $1 },
        InputField("logoMediaId", "A picture of the media library for brand cards; null: none.") { $0.logoMediaID = $1 },
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
