import Core
import Foundation

/// The words that a brand does not want to read, and where they are.
///
/// Case, accents and width do not matter, invisible characters do not hide a word, and a word of four letters or more is
/// found in its longer forms too (`guarantee` in `guaranteed`). Shorter ones must stand alone: `art` is not in `start`.
package struct BannedWords: Sendable {
    private let words: [String]

    package init(_ words: [String]) {
        self.words = words.map(Self.folded).filter { !$0.isEmpty }
    }

    package var isEmpty: Bool { words.isEmpty }

    package func occur(in text: String) -> Bool { first(in: text) != nil }

    /// The first banned word that the text has, as it was folded; for messages.
    package func first(in text: String) -> String? {
        guard !words.isEmpty else { return nil }
        let folded = Self.folded(text)
        return words.first { Self.occurs($0, in: folded) }
    }

    /// In a hashtag words have no gaps between them, so they are found anywhere.
    package func occur(inTag tag: String) -> Bool {
        let folded = Self.folded(tag)
        return words.contains { folded.contains($0.filter { !$0.isWhitespace }) }
    }

    private static func occurs(_ word: String, in text: String) -> Bool {
        // Scripts without gaps between words have no word boundaries to look for.
        let needsBoundary = word.unicodeScalars.allSatisfy { $0.value < 0x0E00 }
        var rest = text[...]
        while let range = rest.range(of: word, options: .literal) {
            let before = text[..<range.lowerBound].last
            let after = text[range.upperBound...].first
            let startsWord = !(before.map(isWordCharacter) ?? false) || !(word.first.map(isWordCharacter) ?? false)
            let endsWord = !(after.map(isWordCharacter) ?? false) || word.count >= 4
            if !needsBoundary || startsWord && endsWord { return true }
            rest = text[range.upperBound...]
        }
        return false
    }

    private static func isWordCharacter(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private static func folded(_ text: String) -> String {
        // Plain ASCII, which most text is, needs nothing of Foundation.
        if text.utf8.allSatisfy({ $0 < 0x80 }) {
            return text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let visible = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .format }))
        let plain = visible.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        return plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
