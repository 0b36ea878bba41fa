/// What a mail server answered: a code of three digits and the lines that it came with.
package struct SMTPReply: Hashable, Sendable, CustomStringConvertible {
    package let code: Int
    /// One text for each line, without the code.
    let lines: [String]

    init(code: Int, lines: [String]) {
        self.code = code
        self.lines = lines
    }

    /// The code and its texts in one line of printable ASCII, cut at 300 characters.
    package var description: String {
        let text = lines.joined(separator: " ").unicodeScalars.prefix(300)
            .map { (0x20..<0x7F).contains($0.value) ? Character($0) : "?" }
        return text.isEmpty ? "\(code)" : "\(code) \(String(text))"
    }

    /// The same reply without its texts when one of them repeats `secret`.
    func withholding(_ secrets: [String]) -> SMTPReply {
        let text = lines.joined()
        guard secrets.contains(where: { !$0.isEmpty && text.contains($0) }) else { return self }
        return SMTPReply(code: code, lines: ["(text withheld: it repeats the password)"])
    }
}
