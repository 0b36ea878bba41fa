/// Why a mail was not handed over. No text holds a password or the mail's contents.
package enum MailIssue: Error, Hashable, Sendable, CustomStringConvertible {
    /// The mail cannot be made.
    case invalid(MailMessageIssue)
    /// No connection: `reason` is a sentence without its end.
    case unreachable(server: String, reason: ConnectReason)
    /// All the time there was is over.
    case timedOut(server: String, during: SMTPStep)
    case connectionLost(server: String, during: SMTPStep)
    /// TLS did not come up.
    case notSecure(server: String, reason: TLSReason)
    /// The server does not offer STARTTLS.
    case noStartTLS(server: String)
    /// The server offers none of AUTH PLAIN and AUTH LOGIN.
    case noLogin(server: String)
    /// A reply of 400 to 499: not now.
    case deferred(server: String, step: SMTPStep, reply: SMTPReply)
    /// A reply of 500 to 599: never.
    case rejected(server: String, step: SMTPStep, reply: SMTPReply)
    /// The server does not speak SMTP as RFC 5321 has it.
    case protocolFault(server: String, during: SMTPStep, SMTPFault)
    /// The whole mail was sent and no reply came: it may be delivered or not.
    case unconfirmed(server: String)
    /// The task was cancelled.
    case cancelled

    /// Whether the same mail may go through later, with nothing changed. What is not temporary waits for a person: for
    /// another address, another password, another server.
    package var isTemporary: Bool {
        switch self {
        case .invalid, .noStartTLS, .noLogin, .rejected: false
        // A wrong certificate is somebody's mistake or attack on the way; either passes, and nothing was refused.
        case .unreachable, .timedOut, .connectionLost, .notSecure, .deferred, .protocolFault, .unconfirmed, .cancelled: true
        }
    }

    /// Whether the mail may have arrived all the same. Sent again with the same ``MailMessage/id``, receivers can tell.
    package var mayHaveArrived: Bool { if case .unconfirmed = self { true } else { false } }
}

/// Why no connection came about.
package enum ConnectReason: Hashable, Sendable {
    case unknownHost
    case refused
    case noRoute
    case timedOut
    case other

    /// Completes "The mail server ".
    var explanation: String {
        switch self {
        case .unknownHost: "has a name that could not be looked up"
        case .refused: "refused the connection: nothing listens there"
        case .noRoute: "cannot be reached: there is no route to it"
        case .timedOut: "did not accept a connection in time"
        case .other: "could not be connected to"
        }
    }
}

/// Why TLS did not come up.
package enum TLSReason: Hashable, Sendable {
    case untrusted
    case otherName
    case handshake

    var explanation: String {
        switch self {
        case .untrusted:
            "has a certificate that is expired or not from a trusted authority. Renew it there, or give its authority's "
                + "certificate as a trusted one"
        case .otherName: "has a certificate for another name. Use the name it is for in the mail server's URL"
        case .handshake: "failed the TLS handshake. Check the port: 465 goes with smtps://, 587 with smtp://"
        }
    }
}
