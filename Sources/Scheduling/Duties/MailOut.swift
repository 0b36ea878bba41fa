package import Core
package import Features

/// Sends the mails that are due.
package struct MailOut: Duty {
    package static let name = "mail"
    let mails: MailStore
    let send: @Sendable (OutgoingMail) async -> MailOutcome
    package let pause = Duration.seconds(60)
    package var wake: WakeSignal? { mails.wake }

    package init(mails: MailStore, send: @escaping @Sendable (OutgoingMail) async -> MailOutcome) {
        self.mails = mails
        self.send = send
    }

    package func run() async throws -> Instant? { try await mails.sendDue(send) }
}
