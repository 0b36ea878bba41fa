package import Core
package import NIOCore
import NIOPosix
import NIOSSL

/// Hands each mail to the one server of its settings, on a connection of its own: transactional mails are few.
package struct SMTPTransport: MailTransport {
    private let settings: SMTPSettings
    private let ambient: Ambient
    private let group: any EventLoopGroup
    private let limit: Duration
    private let tls: NIOSSLContext?

    /// - Parameters:
    ///   - authorities: PEM certificates that are trusted besides the system's.
    ///   - limit: for everything from the look-up of the server's name to its last reply.
    package init(
        _ settings: SMTPSettings, authorities: String? = nil, ambient: Ambient = .live, limit: Duration = .seconds(30),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(SMTPSettingsIssue) {
        self.settings = settings
        self.ambient = ambient
        self.group = group
        self.limit = limit
        // Reading the system's authorities takes some 10 ms: once, not for every mail.
        tls = settings.security == .none ? nil : try Self.context(trusting: authorities)
    }

    private static func context(trusting authorities: String?) throws(SMTPSettingsIssue) -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let authorities {
                let certificates = try NIOSSLCertificate.fromPEMBytes(Array(authorities.utf8))
                guard !certificates.isEmpty else { throw SMTPSettingsIssue.badAuthorities }
                configuration.additionalTrustRoots = [.certificates(certificates)]
            }
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw .badAuthorities
        }
    }

    package func send(_ message: MailMessage) async throws(MailIssue) {
        let mail: RenderedMail
        do throws(MailMessageIssue) { mail = try message.rendered(ambient) } catch { throw .invalid(error) }
        let connection = SMTPConnection(
            settings, envelope: SMTPEnvelope(from: message.from, to: message.to), content: DotStuffing.wire(mail.bytes),
            tls: tls, eventLoop: group.next(), limit: .milliseconds(min(max(limit.inMilliseconds, 1), 3_600_000)))
        let issue = await withTaskCancellationHandler {
            connection.start()
            return await connection.issue()
        } onCancel: {
            connection.cancel()
        }
        if let issue { throw issue }
    }
}

extension SMTPConnection {
    /// Waits for the outcome. From any thread.
    fileprivate func issue() async -> MailIssue? {
        // The promise is only ever kept; it breaks when its event loop was shut down first.
        do { return try await outcome.futureResult.get() } catch { return .cancelled }
    }
}
