import Core
import Foundation

/// The words that a brand does not want to read, and where they are.
///
/// Case, accents and width do not matter, invisible characters do not hide a word, and a word of four letters or more is
/// found in its longer forms too (`guarantee` in `guaranteed`). Shorter ones must stand alone: `art` is not in `start`.
package struct BannedWords: Sendable {
    private struct Word: Sendable {
        let text: String
        let bytes: [UInt8]
        /// Scripts without gaps between words have no word boundaries to look for.
        let needsBoundary: Bool
        let startsWithLetter: Bool
        let isLong: Bool

        init(_ text: String) {
            self.text = text
            bytes = Array(text.utf8)
            needsBoundary = text.unicodeScalars.allSatisfy { $0.value < 0x0E00 }
            startsWithLetter = text.first.map(BannedWords.isWordCharacter) ?? false
            isLong = text.count >= 4
        }
    }

    private let words: [Word]
    /// By their first byte: a plan of a thousand posts is looked through for two hundred words, each sentence of it.
    private let byStart: [[Word]]
    /// The words without gaps, as hashtags would have them.
    private let joined: [[UInt8]]

    package init(_ words: [String]) {
        self.words = words.map(Self.folded).filter { !$0.isEmpty }.map(Word.init)
        var byStart = [[Word]](repeating: [], count: self.words.isEmpty ? 0 : 256)
        for word in self.words { if let first = word.bytes.first { byStart[Int(first)].append(word) } }
        self.byStart = byStart
        joined = self.words.map { $0.bytes.filter { $0 != UInt8(ascii: " ") } }
    }

    package var isEmpty: Bool { words.isEmpty }

    package func occur(in text: String) -> Bool { first(in: text) != nil }

    /// The first banned word that the text has, as it was folded; for messages.
    package func first(in text: String) -> String? {
        guard !words.isEmpty else { return nil }
        let folded = Self.folded(text)
        let bytes = Array(folded.utf8)
        for start in bytes.indices {
            for word in byStart[Int(bytes[start])] {
                // Most places are inside of a word, which settles it for most words.
                if word.needsBoundary, word.startsWithLetter, start > 0, Self.isPlainLetter(bytes[start - 1]) { continue }
                guard Self.matches(word.bytes, in: bytes, at: start) else { continue }
                if !word.needsBoundary || Self.standsAlone(word, in: folded, at: start) { return word.text }
            }
        }
        return nil
    }

    /// In a hashtag words have no gaps between them, so they are found anywhere.
    package func occur(inTag tag: String) -> Bool {
        guard !words.isEmpty else { return false }
        let bytes = Array(Self.folded(tag).utf8)
        return joined.contains { word in bytes.indices.contains { Self.matches(word, in: bytes, at: $0) } }
    }

    private static func matches(_ word: [UInt8], in text: [UInt8], at start: Int) -> Bool {
        guard start + word.count <= text.count else { return false }
        for place in word.indices where text[start + place] != word[place] { return false }
        return true
    }

    private static func standsAlone(_ word: Word, in text: String, at start: Int) -> Bool {
        let lower = text.utf8.index(text.startIndex, offsetBy: start)
        let upper = text.utf8.index(lower, offsetBy: word.bytes.count)
        let (before, after) = (text[..<lower].last, text[upper...].first)
        let startsWord = !(before.map(isWordCharacter) ?? false) || !word.startsWithLetter
        return startsWord && (!(after.map(isWordCharacter) ?? false) || word.isLong)
    }

    private static func isWordCharacter(_ character: Character) -> Bool { character.isLetter || character.isNumber }

    private static func isPlainLetter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

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
