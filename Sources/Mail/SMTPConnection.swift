import Core
import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS

/// One connection that hands over one mail. Everything but the constants belongs to the event loop, which is why the class
/// may be sent between threads.
final class SMTPConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    enum Phase {
        case connecting
        case securing
        case talking
        /// The outcome is known; what still happens changes nothing.
        case over
    }

    let settings: SMTPSettings
    let envelope: SMTPEnvelope
    /// With its dots doubled and the line that ends it.
    let content: [UInt8]
    let tls: NIOSSLContext?
    let eventLoop: any EventLoop
    let limit: TimeAmount
    /// Nil when the server has taken the mail.
    let outcome: EventLoopPromise<MailIssue?>

    var phase = Phase.connecting
    var dialogue: SMTPDialogue?
    var parser = SMTPReplyParser()
    var channel: (any Channel)?
    var secureHandler: NIOSSLClientHandler?
    var timer: Scheduled<Void>?

    init(
        _ settings: SMTPSettings, envelope: SMTPEnvelope, content: [UInt8], tls: NIOSSLContext?, eventLoop: any EventLoop,
        limit: TimeAmount
    ) {
        self.settings = settings
        self.envelope = envelope
        self.content = content
        self.tls = tls
        self.eventLoop = eventLoop
        self.limit = limit
        outcome = eventLoop.makePromise()
    }

    var step: SMTPStep {
        switch phase {
        case .connecting: .connecting
        case .securing: .securing
        case .talking, .over: dialogue?.step ?? .greeting
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .talking = phase else {
            // The answer to QUIT.
            context.channel.close(promise: nil)
            return
        }
        parser.feed(unwrapInboundIn(data).readableBytesView)
        do throws(SMTPFault) {
            while case .talking = phase, let reply = try parser.next() { answer(reply) }
        } catch {
            finish(.protocolFault(server: settings.server, during: step, error))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSUserEvent, case .handshakeCompleted = event, case .securing = phase { secured() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch phase {
        case .connecting, .talking: finish(lost)
        case .securing: finish(.notSecure(server: settings.server, reason: .handshake))
        case .over: break
        }
        timer?.cancel()
        channel = nil
        secureHandler = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch phase {
        case .securing: finish(error is IOError ? lost : .notSecure(server: settings.server, reason: Self.tlsReason(error)))
        case .connecting, .talking: finish(lost)
        case .over: forceClose()
        }
    }

    /// The connection ended, or time or patience did, before an outcome: after the mail's last byte nobody knows which.
    var lost: MailIssue {
        isUnconfirmed ? .unconfirmed(server: settings.server) : .connectionLost(server: settings.server, during: step)
    }

    var isUnconfirmed: Bool { if case .content = step { true } else { false } }

    private static func tlsReason(_ error: any Error) -> TLSReason {
        if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname { return .otherName }
        if let error = error as? NIOSSLError, error == .unableToValidateCertificate { return .untrusted }
        return String(describing: error).contains("CERTIFICATE_VERIFY_FAILED") ? .untrusted : .handshake
    }
}
