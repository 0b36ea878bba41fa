/// Text as a card shows it. What people post is hostile input: invisible, endless or made to paint over its neighbours.
enum CardText {
    /// More than this no card can show; the layout ends such text with an ellipsis long before.
    private static let limit = 2000
    private static let brandLimit = 100
    /// Accents on one letter. Real languages use up to four; hundreds paint over everything around them.
    private static let markLimit = 6

    /// A post's text: control characters dropped, tabs as blanks, every kind of line end as `\n`, no more than one empty
    /// line in a row, nothing blank at the ends, at most 2000 code points.
    static func headline(_ text: String) -> String {
        trimmed(cleaned(text, limit: limit, newline: "\n"))
    }

    /// A brand's name: the same on one line, at most 100 code points.
    static func brand(_ text: String) -> String {
        trimmed(cleaned(text, limit: brandLimit, newline: " "))
    }

    /// The same text as one paragraph.
    static func joined(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: true).joined(separator: " ")
    }

    private static func cleaned(_ text: String, limit: Int, newline: Unicode.Scalar) -> String {
        var kept = String.UnicodeScalarView()
        var (count, newlines, marks) = (0, 0, 0)
        var previous: Unicode.Scalar?
        // By code points, not characters: one character may be megabytes of accents.
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            var next = scalar
            if isNewline(scalar) {
                guard !(scalar == "\n" && previous == "\r"), newlines < 2 else { continue }
                newlines += 1
                next = newline
            } else if scalar == "\t" {
                next = " "
            } else if isDropped(scalar) {
                continue
            } else if scalar != " " {
                newlines = 0
            }
            marks = isMark(scalar) ? marks + 1 : 0
            guard marks <= markLimit else { continue }
            guard count < limit else {
                kept.append("…")
                break
            }
            kept.append(next)
            count += 1
        }
        return String(kept)
    }

    private static func isNewline(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// Control characters, noncharacters, byte order marks, object placeholders, and the two overrides that show text
    /// backwards. The other direction marks stay: Arabic and Hebrew need them.
    private static func isDropped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xFEFF, 0xFFF9...0xFFFC, 0x202D, 0x202E: true
        default: scalar.properties.generalCategory == .control || scalar.properties.isNoncharacterCodePoint
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    private static func trimmed(_ text: String) -> String {
        let scalars = text.unicodeScalars
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
        guard let first = scalars.firstIndex(where: { !isBlank($0) }), let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(scalars[first...last])
    }
}
