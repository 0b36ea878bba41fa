/// Header fields as text: encoded where they must be, folded at 76 columns where they can be. Values were checked before:
/// they have no control characters.
enum HeaderField {
    static let width = 76

    /// A field of free text: a subject, and every header that a caller adds.
    static func unstructured(_ name: String, _ value: String) -> String {
        var line = FoldedLine(name)
        if isPlain(value) {
            for word in value.split(separator: " ") { line.append(String(word)) }
        } else {
            for word in EncodedWord.words(value, first: line.room) { line.append(word) }
        }
        return line.text
    }

    /// A field of mailboxes, separated by commas.
    static func addresses(_ name: String, _ list: [MailAddress]) -> String {
        var line = FoldedLine(name)
        for (index, mailbox) in list.enumerated() {
            let comma = index == list.count - 1 ? "" : ","
            guard let phrase = mailbox.name else {
                line.append(mailbox.address + comma)
                continue
            }
            for word in words(ofPhrase: phrase, first: line.room) { line.append(word) }
            line.append("<\(mailbox.address)>\(comma)")
        }
        return line.text
    }

    /// A name as atoms, as a quoted string or as encoded words, whichever is the plainest that holds it.
    private static func words(ofPhrase phrase: String, first: Int) -> [String] {
        guard isPlain(phrase) else { return EncodedWord.words(phrase, first: first) }
        if phrase.utf8.allSatisfy({ isAtomCharacter($0) || $0 == 0x20 }) {
            return phrase.split(separator: " ").map(String.init)
        }
        let quoted = "\"" + phrase.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
        return quoted.utf8.count <= first ? [quoted] : EncodedWord.words(phrase, first: first)
    }

    /// Whether `value` means itself in a header: printable ASCII with single blanks inside, nothing that looks encoded.
    private static func isPlain(_ value: String) -> Bool {
        value.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !value.contains("=?") && !value.contains("  ")
            && !value.hasPrefix(" ") && !value.hasSuffix(" ")
    }
}

/// A header field in the making, folded at blanks.
struct FoldedLine {
    private(set) var text: String
    private var column: Int
    private var isEmpty = true

    init(_ name: String) {
        text = name + ":"
        column = text.utf8.count
    }

    /// What fits onto this line after a blank; a whole line's when too little is left for an encoded word.
    var room: Int {
        let left = HeaderField.width - column - 1
        return isEmpty || left >= 24 ? left : HeaderField.width - 1
    }

    /// Adds a blank and `word`, on a new line where it would not fit. The first word stays with the name: a line without
    /// text in a header is legal but not understood everywhere.
    mutating func append(_ word: String) {
        if !isEmpty, column + 1 + word.utf8.count > HeaderField.width {
            text += "\r\n"
            column = 0
        }
        text += " " + word
        column += 1 + word.utf8.count
        isEmpty = false
    }
}
