/// Text as platforms hand it back, made comparable with the text that was sent.
enum PostText {
    /// Equal for two texts that a reader takes for the same: invisible characters are dropped, runs of white space are
    /// one space, `@name@host` is `@name` (Mastodon shows the latter). Unicode's canonical equivalence is `String`'s own.
    static func folded(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                if result.last != " ", !result.isEmpty { result.append(" ") }
                continue
            }
            switch scalar.properties.generalCategory {
            case .control, .format: continue
            default: result.append(scalar)
            }
        }
        if result.last == " " { result.removeLast() }
        return withoutMentionHosts(String(result))
    }

    /// `@name@host` becomes `@name`, everything else stays.
    static func withoutMentionHosts(_ text: String) -> String {
        guard text.contains("@") else { return text }
        var result = ""
        var rest = text[...]
        while let at = rest.firstIndex(of: "@") {
            result += rest[..<at]
            let name = rest[rest.index(after: at)...].prefix(while: isNameCharacter)
            let startsMention = result.last.map { !isNameCharacter($0) } ?? true
            result += "@" + name
            rest = rest[name.endIndex...]
            if startsMention, !name.isEmpty, rest.first == "@" {
                let host = rest.dropFirst().prefix { isNameCharacter($0) || $0 == "." || $0 == "-" }
                // A full stop after the host ends the sentence.
                let trailing = host.reversed().prefix { $0 == "." || $0 == "-" }.count
                if host.count > trailing { rest = rest.dropFirst(1 + host.count - trailing) }
            }
        }
        return result + rest
    }

    private static func isNameCharacter(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber) || character == "_"
    }

    /// The text that HTML shows: tags dropped, `<br>` a line break, `</p>` two, the entities that Mastodon writes decoded.
    static func plain(html: String) -> String {
        var result = ""
        var rest = html[...]
        while let character = rest.first {
            switch character {
            case "<":
                let tag = rest.dropFirst().prefix { $0 != ">" }
                rest = rest[tag.endIndex...].dropFirst()
                let name = tag.prefix { $0 != " " && $0 != "/" || tag.first == "/" && $0 != " " }.lowercased()
                if name == "br" { result += "\n" }
                if name == "/p" { result += "\n\n" }
            case "&":
                let name = rest.dropFirst().prefix(10).prefix { $0 != ";" }
                let end = name.endIndex
                if end < rest.endIndex, rest[end] == ";", let decoded = entity(name) {
                    result += decoded
                    rest = rest[end...].dropFirst()
                } else {
                    result += "&"
                    rest = rest.dropFirst()
                }
            default:
                let run = rest.prefix { $0 != "<" && $0 != "&" }
                result += run
                rest = rest[run.endIndex...]
            }
        }
        while result.last == "\n" { result.removeLast() }
        return result
    }

    private static func entity(_ name: Substring) -> String? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return "\u{A0}"
        default:
            guard name.first == "#" else { return nil }
            let digits = name.dropFirst()
            let isHex = digits.first == "x" || digits.first == "X"
            let code = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return code.flatMap(Unicode.Scalar.init).map { String(Character($0)) }
        }
    }
}
