import NIOCore
import NIOPosix
import NIOSSL

/// From nothing to the reply that takes the mail. On the event loop, unless said otherwise.
extension SMTPConnection {
    /// Begins, and sets the one timer that everything has to come before, the look-up of the name too. From any thread.
    func start() {
        eventLoop.execute {
            guard case .connecting = self.phase else { return }
            self.timer = self.eventLoop.scheduleTask(in: self.limit) { self.timeUp() }
            ClientBootstrap(group: self.eventLoop)
                .connectTimeout(self.limit)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                // Of several addresses that are tried at once, only the one that is chosen may begin to talk.
                .channelOption(.autoRead, value: false)
                .connect(host: self.settings.host, port: self.settings.port)
                .whenComplete { self.connected($0) }
        }
    }

    private func connected(_ result: Result<any Channel, any Error>) {
        switch result {
        case .success(let channel):
            guard case .connecting = phase else { return channel.close(promise: nil) }
            self.channel = channel
            dialogue = SMTPDialogue(settings, envelope: envelope, helloName: settings.helloName ?? Self.literal(of: channel))
            do {
                try channel.pipeline.syncOperations.addHandler(self)
            } catch {
                return finish(lost)
            }
            phase = .talking
            if settings.security == .tls { secure() }
            channel.setOption(.autoRead, value: true).whenFailure { _ in self.finish(self.lost) }
        case .failure(let error): finish(.unreachable(server: settings.server, reason: ConnectReason(error)))
        }
    }

    /// RFC 5321, section 4.1.3: what a client without a name calls itself.
    private static func literal(of channel: any Channel) -> String {
        guard let address = channel.localAddress, let text = address.ipAddress?.split(separator: "%").first else {
            return "[127.0.0.1]"
        }
        return address.protocol == .inet6 ? "[IPv6:\(text)]" : "[\(text)]"
    }

    func answer(_ reply: SMTPReply) {
        guard var dialogue else { return }
        do throws(MailIssue) {
            let move = try dialogue.receive(reply)
            self.dialogue = dialogue
            perform(move)
        } catch {
            finish(error, isOrderly: true)
        }
    }

    private func perform(_ move: SMTPDialogue.Move) {
        switch move {
        case .send(let line): send(Array((line + "\r\n").utf8))
        case .sendContent: send(content)
        case .secure: secure()
        case .done: finish(nil, isOrderly: true)
        }
    }

    func send(_ bytes: [UInt8]) { channel?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// Puts TLS in front of this handler.
    private func secure() {
        guard let channel, let tls else { return finish(.notSecure(server: settings.server, reason: .handshake)) }
        guard parser.isEmpty else {
            return finish(.protocolFault(server: settings.server, during: step, .spokeAheadOfTLS))
        }
        phase = .securing
        do {
            // An address has no SNI and is checked as an address.
            let name = ServerName.isIPAddress(settings.host) ? nil : settings.host
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: name)
            secureHandler = handler
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
        } catch {
            finish(.notSecure(server: settings.server, reason: .handshake))
        }
    }

    func secured() {
        if !ServerName.isIPAddress(settings.host) {
            guard let certificate = secureHandler?.peerCertificate, ServerName.isCertified(settings.host, by: certificate)
            else {
                return finish(.notSecure(server: settings.server, reason: .otherName))
            }
        }
        phase = .talking
        // With smtps: the server greets now; after STARTTLS it is this side's turn.
        guard settings.security == .startTLS, var dialogue else { return }
        let move = dialogue.secured()
        self.dialogue = dialogue
        perform(move)
    }
}

extension ConnectReason {
    init(_ error: any Error) {
        if let error = error as? ChannelError, case .connectTimeout = error {
            self = .timedOut
        } else if let error = error as? NIOConnectionError {
            if let first = error.connectionErrors.first { self.init(first.error) } else { self = .unknownHost }
        } else {
            switch (error as? IOError)?.errnoCode {
            case ECONNREFUSED: self = .refused
            case ETIMEDOUT: self = .timedOut
            case ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, ENETDOWN, EHOSTDOWN: self = .noRoute
            case _: self = .other
            }
        }
    }
}
