/// The colours of one card, complete, each readable where it stands.
struct Palette: Hashable, Sendable {
    /// What WCAG 2.2 asks of text of any size.
    static let readableContrast = 4.5

    let background: CardColor
    let accent: CardColor
    let text: CardColor

    /// - Parameter colors: background, accent and text; defaults fill what is missing, more than three are not read.
    init(_ colors: [String]) throws(BrandCardError) {
        var parsed: [CardColor] = []
        for color in colors.prefix(3) {
            guard let value = CardColor(hex: color) else { throw .color(color) }
            parsed.append(value)
        }
        background = parsed.first ?? CardColor(red: 0.086, green: 0.196, blue: 0.31)
        accent = parsed.count > 1 ? parsed[1] : background.readable
        text = parsed.count > 2 ? parsed[2] : background.readable
    }

    /// Where the gradient goes: away from the text, so that the text gains.
    var deep: CardColor {
        let isTextLighter = text.contrast(with: .black) > background.contrast(with: .black)
        return background.mixed(with: isTextLighter ? .black : .white, 0.25)
    }

    /// How strong a shape in the text's colour may be behind the text without making it hard to read.
    var shapeOpacity: Double {
        let needed = min(Self.readableContrast, text.contrast(with: background))
        return [0.07, 0.05, 0.03].first { background.mixed(with: text, $0).contrast(with: text) >= needed } ?? 0
    }

    /// The accent, or the text's colour where the accent is invisible.
    var bar: CardColor { accent.contrast(with: background) >= 1.3 ? accent : text }

    /// The brand's name: a little quieter than the text while that is readable.
    var quiet: CardColor {
        let mixed = text.mixed(with: background, 0.18)
        return mixed.contrast(with: background) >= Self.readableContrast ? mixed : text
    }
}
