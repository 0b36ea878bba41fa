/// Sends mail. A protocol, so that callers can be given another way out: one that writes to a log, or a test's own.
package protocol MailTransport: Sendable {
    /// Returns when the mail is in other hands: the next server has taken it for every recipient.
    ///
    /// Nothing was delivered to anybody when this throws, but for ``MailIssue/unconfirmed(server:)``.
    func send(_ message: MailMessage) async throws(MailIssue)
}
