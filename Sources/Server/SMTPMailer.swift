import Core
import Features
import Mail

/// Sends queued mails over the operator's SMTP server.
package struct SMTPMailer: Sendable {
    private let transport: any MailTransport
    private let from: MailAddress

    init(transport: any MailTransport, from: MailAddress) {
        self.transport = transport
        self.from = from
    }

    func send(_ mail: OutgoingMail) async -> MailOutcome {
        do {
            let to = try MailAddress(mail.to)
            try await transport.send(MailMessage(from: from, to: [to], subject: mail.subject, text: mail.text))
            return .sent
        } catch let issue as MailIssue {
            return issue.isTemporary ? .delayed(issue.description) : .refused(issue.description)
        } catch {
            return .refused("\(error)")
        }
    }
}
