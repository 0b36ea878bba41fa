package import Core

/// A mail as RFC 5322 and RFC 2045 have it.
package struct RenderedMail: Hashable, Sendable {
    /// With its angle brackets.
    package let messageID: String
    /// 7-bit lines that end in CR LF, as a mail file has them; SMTP's dots are not doubled yet.
    package let bytes: [UInt8]
}

extension MailMessage {
    /// The bytes of this mail. Date, Message-ID and the boundary between the parts come from `ambient`; nothing else varies.
    package func rendered(_ ambient: Ambient) throws(MailMessageIssue) -> RenderedMail {
        try check()
        let messageID = "<\(id ?? ambient.newID(ID<MailMessage>.self).rawValue)@\(from.domain)>"
        var lines = [
            "Date: \(MailDate.text(ambient.now()))",
            HeaderField.addresses("From", [from]),
            HeaderField.addresses("To", to),
        ]
        if let replyTo { lines.append(HeaderField.addresses("Reply-To", [replyTo])) }
        lines.append(HeaderField.unstructured("Subject", subject))
        lines.append("Message-ID: \(messageID)")
        // RFC 3834: no out-of-office notes in return.
        if !headers.contains(where: { $0.name.lowercased() == "auto-submitted" }) {
            lines.append("Auto-Submitted: auto-generated")
        }
        lines += headers.map { HeaderField.unstructured($0.name, $0.value) }
        lines.append("MIME-Version: 1.0")
        lines += body(ambient)
        return RenderedMail(messageID: messageID, bytes: Array((lines.joined(separator: "\r\n") + "\r\n").utf8))
    }

    private func body(_ ambient: Ambient) -> [String] {
        let plain = Self.part("plain", text)
        guard let html else { return plain }
        // No quoted-printable line can hold "=_", so that no boundary of this form is in a part.
        let boundary = "=_" + ambient.randomBytes(12).hexadecimal
        // The line break before a boundary is the boundary's; the empty line leaves each part its own.
        return ["Content-Type: multipart/alternative; boundary=\"\(boundary)\"", "", "--" + boundary]
            + plain + ["", "--" + boundary] + Self.part("html", html) + ["", "--" + boundary + "--"]
    }

    /// A part's headers, an empty line and its lines.
    private static func part(_ kind: String, _ body: String) -> [String] {
        ["Content-Type: text/\(kind); charset=utf-8", "Content-Transfer-Encoding: quoted-printable", ""]
            + QuotedPrintable.lines(body)
    }
}
