/// A mail as its writer sees it. ``rendered(_:)`` makes the bytes that are sent.
///
/// Every address of `to` is shown to all: for a mail that goes to many, send one to each.
package struct MailMessage: Hashable, Sendable {
    package var from: MailAddress
    /// 1 to ``maximumRecipients``.
    package var to: [MailAddress]
    package var replyTo: MailAddress?
    package var subject: String
    /// The plain text; lines may end in any way.
    package var text: String
    /// The same for readers that show HTML.
    package var html: String?
    /// Further headers, in this order: `List-Unsubscribe`, say. None that the mail has anyway.
    package var headers: [MailHeader]
    /// The part of the Message-ID before the `@`, of letters and digits: give it when a mail may be sent again, so that
    /// receivers see it is the same. Nil makes one.
    package var id: String?

    package init(
        from: MailAddress, to: [MailAddress], replyTo: MailAddress? = nil, subject: String, text: String, html: String? = nil,
        headers: [MailHeader] = [], id: String? = nil
    ) {
        self.from = from
        self.to = to
        self.replyTo = replyTo
        self.subject = subject
        self.text = text
        self.html = html
        self.headers = headers
        self.id = id
    }

    package static let maximumRecipients = 50
    package static let maximumHeaders = 20
    /// Of a subject or a header's value, in bytes of UTF-8: as one word it still fits into RFC 5322's line of 998.
    package static let maximumValueBytes = 900
    /// Of the text and of the HTML, each, in bytes of UTF-8.
    package static let maximumBodyBytes = 524_288
}

/// One further header.
package struct MailHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
