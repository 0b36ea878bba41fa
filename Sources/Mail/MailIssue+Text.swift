extension MailIssue {
    /// What happened and what to do, in one or two sentences.
    package var description: String {
        switch self {
        case .invalid(let issue): issue.description
        case .unreachable(let server, let reason):
            "The mail server \(server) \(reason.explanation). Check host and port, and whether a firewall is in between."
        case .timedOut(let server, let step):
            "The mail server \(server) took too long while \(step.activity). The mail may be sent again later."
        case .connectionLost(let server, let step):
            "The mail server \(server) ended the connection while \(step.activity). The mail may be sent again later."
        case .notSecure(let server, let reason): "The mail server \(server) \(reason.explanation). Nothing was sent."
        case .noStartTLS(let server):
            "The mail server \(server) does not offer STARTTLS. Nothing was sent. Use smtps:// if it has TLS on another port, "
                + "or ?tls=none if everything between it and here may be trusted."
        case .noLogin(let server):
            "The mail server \(server) offers no login by AUTH PLAIN or AUTH LOGIN. Leave user and password out of its URL, "
                + "or use the port that is meant for logging in."
        case .deferred(let server, let step, let reply):
            "The mail server \(server) refused \(step.object) for now: \(reply). The mail may be sent again later."
        case .rejected(let server, let step, let reply):
            "The mail server \(server) refused \(step.object): \(reply). \(step.advice)"
        case .protocolFault(let server, let step, let fault):
            "The mail server \(server) \(fault.explanation) while \(step.activity). Check host and port."
        case .unconfirmed(let server):
            "The mail server \(server) had the whole mail but did not confirm it: it may have arrived. Sent again, it may "
                + "arrive twice."
        case .cancelled: "Sending the mail was cancelled before the mail server took it. It may be sent again."
        }
    }
}
