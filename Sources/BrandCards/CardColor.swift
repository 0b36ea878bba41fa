/// A colour of a card, as fractions of red, green and blue.
struct CardColor: Hashable, Sendable {
    var red: Double
    var green: Double
    var blue: Double

    static let white = CardColor(red: 1, green: 1, blue: 1)
    static let black = CardColor(red: 0, green: 0, blue: 0)
    static let ink = CardColor(red: 0.07, green: 0.08, blue: 0.1)

    init(red: Double, green: Double, blue: Double) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// Reads `#rrggbb`.
    init?(hex: String) {
        // Digit by digit: UInt32 would also read "+12345".
        guard hex.utf8.count == 7, hex.utf8.first == UInt8(ascii: "#"), hex.dropFirst().allSatisfy(\.isHexDigit),
            let value = UInt32(hex.dropFirst(), radix: 16)
        else { return nil }
        self.init(
            red: Double(value >> 16 & 255) / 255, green: Double(value >> 8 & 255) / 255, blue: Double(value & 255) / 255)
    }

    /// Relative luminance (WCAG 2.2).
    private var luminance: Double {
        func linear(_ part: Double) -> Double {
            guard part > 0.04045 else { return part / 12.92 }
            let base = (part + 0.055) / 1.055
            return power(base, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }

    /// Contrast ratio with another colour, 1 to 21 (WCAG 2.2).
    func contrast(with other: CardColor) -> Double {
        let (a, b) = (luminance, other.luminance)
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    /// White or ink, whichever reads better on this colour; black where neither is enough. At least 4.5 to 1.
    var readable: CardColor {
        let best = contrast(with: .white) >= contrast(with: .ink) ? CardColor.white : .ink
        return contrast(with: best) >= Palette.readableContrast ? best : .black
    }

    /// This colour moved towards another by a fraction.
    func mixed(with other: CardColor, _ part: Double) -> CardColor {
        CardColor(
            red: red + (other.red - red) * part, green: green + (other.green - green) * part,
            blue: blue + (other.blue - blue) * part)
    }
}
