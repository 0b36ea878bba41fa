/// The encoding of bodies (RFC 2045, section 6.7): readable where the text is ASCII, and 7-bit always.
enum QuotedPrintable {
    /// The longest line, without CR LF.
    static let width = 76

    /// The lines of `text`, encoded. CR LF, LF and CR each end a line of the text.
    static func lines(_ text: String) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case 0x0A, 0x0D:
                if byte == 0x0D, bytes.first == 0x0A { bytes.removeFirst() }
                lines += encode(line)
                line.removeAll(keepingCapacity: true)
            default: line.append(byte)
            }
        }
        return line.isEmpty ? lines : lines + encode(line)
    }

    /// One line of the text, as one or more that end in `=` but for the last.
    private static func encode(_ line: [UInt8]) -> [String] {
        var lines: [String] = []
        var current: [UInt8] = []
        for (index, byte) in line.enumerated() {
            let isLast = index == line.count - 1
            let token = Self.token(byte, isLast: isLast)
            // One column stays free for the `=`, but for the last token.
            if current.count + token.count > (isLast ? width : width - 1) {
                lines.append(String(decoding: current + [UInt8(ascii: "=")], as: UTF8.self))
                current.removeAll(keepingCapacity: true)
            }
            current += token
        }
        return lines + [String(decoding: current, as: UTF8.self)]
    }

    private static func token(_ byte: UInt8, isLast: Bool) -> [UInt8] {
        switch byte {
        // Blanks at a line's end get lost on the way.
        case 0x20, 0x09: isLast ? escaped(byte) : [byte]
        case 0x3D: escaped(byte)
        case 0x21...0x7E: [byte]
        default: escaped(byte)
        }
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
        return [UInt8(ascii: "="), digit(byte >> 4), digit(byte & 15)]
    }
}
