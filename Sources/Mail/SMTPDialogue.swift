import Core

/// Who a mail is from and to, as the server is told.
struct SMTPEnvelope: Hashable, Sendable {
    var from: MailAddress
    var to: [MailAddress]
}

/// The client's side of SMTP (RFC 5321, 3207 and 4954) as a pure machine: a reply goes in, what to do next comes out.
///
/// All or nothing: a server that refuses one recipient gets no mail, so that whatever is thrown, nobody has it.
struct SMTPDialogue {
    enum Move: Hashable {
        /// Send this line, and CR LF.
        case send(String)
        /// Send the whole mail.
        case sendContent
        /// Bring up TLS, then ask ``secured()``.
        case secure
        /// The server has the mail.
        case done
    }

    /// What the next reply answers.
    private enum State {
        case greeting, hello, startTLS, userPrompt, passwordPrompt, login, sender, data, content, done
        case recipient(MailAddress)
    }

    let settings: SMTPSettings
    let envelope: SMTPEnvelope
    /// What this side calls itself.
    let helloName: String
    private var state = State.greeting
    private var isSecured: Bool
    private var capabilities = SMTPCapabilities()
    private var remaining: ArraySlice<MailAddress>

    init(_ settings: SMTPSettings, envelope: SMTPEnvelope, helloName: String) {
        self.settings = settings
        self.envelope = envelope
        self.helloName = helloName
        isSecured = settings.security == .tls
        remaining = envelope.to[...]
    }

    var step: SMTPStep {
        switch state {
        case .greeting: .greeting
        case .hello: .hello
        case .startTLS: .startTLS
        case .userPrompt, .passwordPrompt, .login: .login
        case .sender: .sender
        case .recipient(let address): .recipient(address)
        case .data: .data
        case .content, .done: .content
        }
    }

    mutating func receive(_ reply: SMTPReply) throws(MailIssue) -> Move {
        switch state {
        case .greeting:
            try expect(2, reply)
            return hello()
        case .hello:
            try expect(2, reply)
            capabilities = SMTPCapabilities(reply)
            return try secureOrLogIn()
        case .startTLS:
            try expect(2, reply)
            return .secure
        case .userPrompt:
            try expect(3, reply)
            state = .passwordPrompt
            return .send(Base64.encode(settings.login?.user.utf8 ?? "".utf8))
        case .passwordPrompt:
            try expect(3, reply)
            state = .login
            return .send(Base64.encode(settings.login?.password.reveal().utf8 ?? "".utf8))
        case .login:
            try expect(2, reply)
            return sender()
        case .sender, .recipient:
            try expect(2, reply)
            return nextRecipient()
        case .data:
            try expect(3, reply)
            state = .content
            return .sendContent
        case .content:
            try expect(2, reply)
            state = .done
            return .done
        case .done: return .done
        }
    }

    /// What to send when TLS is up. What the server said before is forgotten: it was not protected.
    mutating func secured() -> Move {
        isSecured = true
        capabilities = SMTPCapabilities()
        return hello()
    }

    private mutating func hello() -> Move {
        state = .hello
        return .send("EHLO \(helloName)")
    }

    private mutating func secureOrLogIn() throws(MailIssue) -> Move {
        guard isSecured || settings.security == .none else {
            guard capabilities.hasStartTLS else { throw .noStartTLS(server: settings.server) }
            state = .startTLS
            return .send("STARTTLS")
        }
        guard let login = settings.login else { return sender() }
        if capabilities.mechanisms.contains("PLAIN") {
            state = .login
            return .send("AUTH PLAIN " + Self.plainToken(login))
        }
        guard capabilities.mechanisms.contains("LOGIN") else { throw .noLogin(server: settings.server) }
        // The server asks twice: for the user, then for the password.
        state = .userPrompt
        return .send("AUTH LOGIN")
    }

    private mutating func sender() -> Move {
        state = .sender
        return .send("MAIL FROM:<\(envelope.from.address)>")
    }

    private mutating func nextRecipient() -> Move {
        guard let address = remaining.popFirst() else {
            state = .data
            return .send("DATA")
        }
        state = .recipient(address)
        return .send("RCPT TO:<\(address.address)>")
    }

    /// Throws unless the reply is of the class `kind`: 2 for done, 3 for go on.
    private func expect(_ kind: Int, _ reply: SMTPReply) throws(MailIssue) {
        switch reply.code / 100 {
        case kind: return
        case 4: throw .deferred(server: settings.server, step: step, reply: reply.withholding(secrets))
        case 5: throw .rejected(server: settings.server, step: step, reply: reply.withholding(secrets))
        case _: throw .protocolFault(server: settings.server, during: step, .unexpected(code: reply.code))
        }
    }

    /// RFC 4616: authorization identity (none), user, password.
    private static func plainToken(_ login: SMTPSettings.Login) -> String {
        Base64.encode([0] + Array(login.user.utf8) + [0] + Array(login.password.reveal().utf8))
    }

    private var secrets: [String] {
        guard let login = settings.login else { return [] }
        let password = login.password.reveal()
        return [password, Base64.encode(password.utf8), Self.plainToken(login)]
    }
}
