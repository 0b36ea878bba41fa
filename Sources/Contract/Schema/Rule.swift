package import Core

/// A constraint on a field: the JSON Schema keyword and the check are one thing, so they cannot differ.
package struct Rule<Value>: Sendable {
    package let keywords: [JSONValue.Member]
    /// What is wrong, as the end of a sentence that begins with the field; nil when nothing is.
    package let check: @Sendable (Value) -> String?

    package init(_ keywords: [JSONValue.Member] = [], _ check: @escaping @Sendable (Value) -> String?) {
        self.keywords = keywords
        self.check = check
    }
}

extension Rule where Value == String {
    /// Length in characters as a person counts them (JSON Schema counts code points; never more than we refuse).
    package static func length(_ range: ClosedRange<Int>) -> Self {
        Rule([.init("minLength", .int(Int64(range.lowerBound))), .init("maxLength", .int(Int64(range.upperBound)))]) { text in
            let count = text.unicodeScalars.count
            return range.contains(count)
                ? nil : "must have \(range.lowerBound) to \(range.upperBound) characters, it has \(count)"
        }
    }

    package static let hexColor = Rule([.init("pattern", "^#[0-9a-fA-F]{6}$")]) { text in
        let isColor = text.utf8.count == 7 && text.hasPrefix("#") && text.dropFirst().allSatisfy { $0.isHexDigit && $0.isASCII }
        return isColor ? nil : "must be a colour such as #1a2b3c"
    }

    /// What people may click on: `javascript:` and the like are none.
    package static let webAddress = Rule([.init("pattern", "^https?://[^/]")]) { text in
        let rest = ["https://", "http://"].first { text.hasPrefix($0) }.map { text.dropFirst($0.count) }
        return rest?.first.map { $0 != "/" } ?? false ? nil : "must be an address that begins with https:// or http://"
    }

    package static let email = Rule([.init("format", "email")]) { text in
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isAddress =
            parts.count == 2 && text.utf8.count <= 254 && !parts[0].isEmpty && parts[1].contains(".")
            && !parts[1].hasPrefix(".") && !parts[1].hasSuffix(".") && !text.contains(where: \.isWhitespace)
        return isAddress ? nil : "must be an e-mail address such as ada@example.com"
    }
}

extension Rule where Value == Int {
    package static func range(_ range: ClosedRange<Int>) -> Self {
        Rule([.init("minimum", .int(Int64(range.lowerBound))), .init("maximum", .int(Int64(range.upperBound)))]) { value in
            range.contains(value) ? nil : "must be between \(range.lowerBound) and \(range.upperBound)"
        }
    }
}

extension Rule {
    /// How many elements a list may have.
    package static func count<Element>(_ range: ClosedRange<Int>) -> Self where Value == [Element] {
        Rule([.init("minItems", .int(Int64(range.lowerBound))), .init("maxItems", .int(Int64(range.upperBound)))]) { list in
            range.contains(list.count)
                ? nil : "must have \(range.lowerBound) to \(range.upperBound) elements, it has \(list.count)"
        }
    }

    /// The same rule for a field that may also be cleared.
    package static func ifSet<Inner>(_ rule: Rule<Inner>) -> Self where Value == Change<Inner> {
        Rule(rule.keywords) { $0.value.flatMap(rule.check) }
    }

    /// The same rule for every element of a list.
    package static func each<Element: Sendable>(_ rule: Rule<Element>) -> Self where Value == [Element] {
        Rule { list in list.lazy.compactMap(rule.check).first.map { "has an element that \($0)" } }
    }
}

extension Rule where Value == Double {
    /// A number between these two, both allowed.
    package static func range(_ range: ClosedRange<Double>) -> Self {
        Rule([.init("minimum", .double(range.lowerBound)), .init("maximum", .double(range.upperBound))]) { value in
            range.contains(value) ? nil : "must be between \(range.lowerBound) and \(range.upperBound)"
        }
    }
}
