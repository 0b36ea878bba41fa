extension MailMessage {
    /// Refuses what cannot be sent, and whatever would let a value write headers of its own.
    func check() throws(MailMessageIssue) {
        guard !to.isEmpty else { throw .noRecipient }
        guard to.count <= Self.maximumRecipients else { throw .tooMany(what: "recipients", limit: Self.maximumRecipients) }
        guard headers.count <= Self.maximumHeaders else { throw .tooMany(what: "headers", limit: Self.maximumHeaders) }
        try Self.checkValue(subject, of: "subject")
        for header in headers { try Self.check(header) }
        if let id {
            guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy(isLetterOrDigit) else { throw .badID }
        }
        for (field, body) in [("text", text), ("html", html ?? "")] where body.utf8.count > Self.maximumBodyBytes {
            throw .tooLong(field: field, limit: Self.maximumBodyBytes)
        }
    }

    private static func check(_ header: MailHeader) throws(MailMessageIssue) {
        guard (1...50).contains(header.name.utf8.count),
            header.name.utf8.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") })
        else { throw .badHeaderName }
        let name = header.name.lowercased()
        guard !own.contains(name), !name.hasPrefix("content-"), !name.hasPrefix("resent-") else {
            throw .reservedHeader(header.name)
        }
        try checkValue(header.value, of: header.name)
    }

    private static func checkValue(_ value: String, of field: String) throws(MailMessageIssue) {
        guard !value.hasControlCharacters else { throw .controlCharacter(field: field) }
        guard value.utf8.count <= maximumValueBytes else { throw .tooLong(field: field, limit: maximumValueBytes) }
    }

    /// Headers that the mail writes itself, or that a mail server alone may write.
    private static let own: Set<String> = [
        "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "mime-version", "return-path",
        "received", "dkim-signature",
    ]
}
