/// HTML that is escaped by construction: what stands literally in the source is markup, every interpolated value is text.
///
/// ```swift
/// let row: HTML = "<td title=\"\(name)\">\(caption)</td>"
/// ```
package struct HTML: Sendable, ExpressibleByStringInterpolation {
    package let text: String

    package init(stringLiteral text: String) { self.text = text }
    package init(stringInterpolation interpolation: Interpolation) { text = interpolation.text }

    /// Pieces one after the other, each on a line of its own.
    package init(lines: [HTML]) { text = lines.map(\.text).joined(separator: "\n") }

    /// Pieces one after the other.
    package init(joining pieces: [HTML]) { text = pieces.map(\.text).joined() }

    package var bytes: [UInt8] { Array(text.utf8) }

    package struct Interpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }
        package mutating func appendLiteral(_ literal: String) { text += literal }
        package mutating func appendInterpolation(_ value: some StringProtocol) { text += value.htmlEscaped }
        package mutating func appendInterpolation(_ value: Int) { text += String(value) }
        package mutating func appendInterpolation(_ html: HTML) { text += html.text }
        package mutating func appendInterpolation(_ pieces: [HTML]) { text += HTML(lines: pieces).text }
    }
}
