import Core
import Features

/// Sends the mails that are due.
struct MailOut: Duty {
    static let name = "mail"
    let mails: MailStore
    let send: @Sendable (OutgoingMail) async -> MailOutcome
    let pause = Duration.seconds(60)
    var wake: WakeSignal? { mails.wake }

    func run() async throws -> Instant? { try await mails.sendDue(send) }
}
