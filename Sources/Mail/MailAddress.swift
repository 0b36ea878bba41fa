/// A mailbox that mail can be sent to, checked once: what is held here fits into an envelope and a header as it stands.
package struct MailAddress: Hashable, Sendable, CustomStringConvertible {
    /// `local@domain`, in ASCII: letters, digits, dots and the signs that need no quotes.
    package let address: String
    /// What a reader is shown instead; any text without control characters.
    package let name: String?

    /// Longest name, in bytes of UTF-8.
    package static let maximumNameBytes = 200

    package init(_ address: String, name: String? = nil) throws(MailMessageIssue) {
        if let reason = Self.fault(in: address) { throw .badAddress(reason) }
        if let name {
            guard !name.hasControlCharacters else { throw .controlCharacter(field: "a recipient's or sender's name") }
            guard name.utf8.count <= Self.maximumNameBytes else {
                throw .tooLong(field: "a recipient's or sender's name", limit: Self.maximumNameBytes)
            }
        }
        self.address = address
        self.name = name.flatMap { $0.allSatisfy { $0 == " " } ? nil : $0 }
    }

    /// Reads `a@b.example`, `Name <a@b.example>` or `"Name" <a@b.example>`, as settings have it.
    package init(parsing text: String) throws(MailMessageIssue) {
        guard text.hasSuffix(">"), let open = text.lastIndex(of: "<") else {
            try self.init(text)
            return
        }
        var name = text[..<open]
        while name.last == " " { name.removeLast() }
        while name.first == " " { name.removeFirst() }
        if name.count >= 2, name.first == "\"", name.last == "\"" { name = name.dropFirst().dropLast() }
        let address = text[text.index(after: open)...].dropLast()
        try self.init(String(address), name: name.isEmpty ? nil : String(name))
    }

    package var description: String { name.map { "\($0) <\(address)>" } ?? address }

    /// What follows the last `@`.
    var domain: Substring { address[(address.lastIndex(of: "@").map(address.index(after:)) ?? address.startIndex)...] }

    /// Why `address` is none; nil when it is one. Lengths are those of RFC 5321, section 4.5.3.1.
    private static func fault(in address: String) -> AddressFault? {
        guard address.utf8.allSatisfy({ $0 < 0x80 }) else { return .notASCII }
        guard let at = address.utf8.lastIndex(of: UInt8(ascii: "@")) else { return .noAt }
        let (local, domain) = (address.utf8[..<at], address.utf8[address.utf8.index(after: at)...])
        guard address.utf8.count <= 254, local.count <= 64 else { return .tooLong }
        guard isDotted(local, by: { isAtomCharacter($0) }) else { return .badLocalPart }
        guard isDotted(domain, by: { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }),
            domain.split(separator: UInt8(ascii: ".")).allSatisfy({
                $0.count <= 63 && $0.first != UInt8(ascii: "-") && $0.last != UInt8(ascii: "-")
            })
        else { return .badDomain }
        return nil
    }

    /// Whether `text` is one or more parts of allowed characters, joined by single dots.
    private static func isDotted(_ text: Substring.UTF8View, by isAllowed: (UInt8) -> Bool) -> Bool {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAllowed) }
    }
}

/// RFC 5322's `atext`: what a word may consist of without quotes.
func isAtomCharacter(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte) }

func isLetterOrDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
}

extension String {
    /// Line breaks of any kind, NUL, tab and their like: what would end a header, or hide in it.
    var hasControlCharacters: Bool {
        unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || [0x2028, 0x2029].contains($0.value) }
    }
}
