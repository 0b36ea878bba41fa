import NIOCore
import NIOSSL

/// Ends. On the event loop, unless said otherwise.
extension SMTPConnection {
    /// How long the server has for its farewell; nobody waits for it.
    private static let farewell = TimeAmount.seconds(2)

    /// Settles the outcome and closes, with QUIT when the server is in a state to hear it.
    func finish(_ issue: MailIssue?, isOrderly: Bool = false) {
        if case .over = phase { return }
        // Nonsense after the mail's last byte says no more than silence.
        if case .protocolFault? = issue, isUnconfirmed { return finish(.unconfirmed(server: settings.server)) }
        phase = .over
        timer?.cancel()
        outcome.succeed(issue)
        guard isOrderly, channel != nil else { return forceClose() }
        send(Array("QUIT\r\n".utf8))
        timer = eventLoop.scheduleTask(in: Self.farewell) { self.forceClose() }
    }

    func timeUp() {
        switch step {
        case .connecting: finish(.unreachable(server: settings.server, reason: .timedOut))
        case .content: finish(.unconfirmed(server: settings.server))
        case .greeting, .hello, .startTLS, .securing, .login, .sender, .recipient, .data:
            finish(.timedOut(server: settings.server, during: step))
        }
    }

    /// Gives up. From any thread.
    func cancel() {
        eventLoop.execute { self.finish(self.isUnconfirmed ? .unconfirmed(server: self.settings.server) : .cancelled) }
    }

    /// Closes the socket at once. Waiting for the peer's farewell would keep the socket of one who never ends.
    func forceClose() {
        guard let channel else { return }
        if let secureHandler, let below = try? channel.pipeline.syncOperations.context(handler: secureHandler) {
            below.close(promise: nil)
        } else {
            channel.close(promise: nil)
        }
    }
}
