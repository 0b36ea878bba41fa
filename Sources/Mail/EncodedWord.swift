import Core

/// Text outside ASCII in a header (RFC 2047), in base64.
enum EncodedWord {
    /// The longest encoded word.
    static let width = 75
    private static let (prefix, suffix) = ("=?utf-8?B?", "?=")

    /// `text` as words that a reader joins without the blanks between them; the first is at most `first` characters long.
    /// No word ends inside a character, as some readers decode each for itself.
    static func words(_ text: String, first: Int = width) -> [String] {
        var words: [String] = []
        var chunk: [UInt8] = []
        for scalar in text.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            let room = capacity(words.isEmpty ? first : width)
            if !chunk.isEmpty, chunk.count + bytes.count > room {
                words.append(prefix + Base64.encode(chunk) + suffix)
                chunk.removeAll(keepingCapacity: true)
            }
            chunk += bytes
        }
        return chunk.isEmpty ? words : words + [prefix + Base64.encode(chunk) + suffix]
    }

    /// How many bytes fit into a word of `length` characters.
    private static func capacity(_ length: Int) -> Int {
        max(min(length, width) - prefix.utf8.count - suffix.utf8.count, 0) / 4 * 3
    }
}
