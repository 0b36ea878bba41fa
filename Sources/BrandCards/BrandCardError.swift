/// Why a card cannot be drawn.
package enum BrandCardError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No colour of the form `#rrggbb`.
    case color(String)
    /// Width and height are 64 to 4096 pixels.
    case size(width: Int, height: Int)
    /// The drawing library failed, with its own words.
    case drawing(String)

    package var description: String {
        switch self {
        case .color(let text):
            // Escaped and cut: a colour comes from outside, and this text goes into logs.
            "\(String(text.unicodeScalars.prefix(32)).debugDescription) is no colour; colours look like #1a2b3c"
        case .size(let width, let height): "a card of \(width) x \(height) pixels cannot be drawn; allowed are 64 to 4096 each"
        case .drawing(let issue): "the card could not be drawn: \(issue)"
        }
    }
}
