package import Core

/// Where mail is handed over, and as whom. Printing it never shows the password.
package struct SMTPSettings: Hashable, Sendable, CustomStringConvertible {
    /// What protects the connection.
    package enum Security: Hashable, Sendable {
        /// `smtps:`, TLS from the first byte.
        case tls
        /// `smtp:`, STARTTLS; a server that does not offer it gets no mail and no password.
        case startTLS
        /// `smtp:` with `?tls=none`: everything, a password too, goes as it is. For a server on the same machine or network.
        case none
    }

    package struct Login: Hashable, Sendable {
        package var user: String
        package var password: Secret

        package init(user: String, password: Secret) {
            self.user = user
            self.password = password
        }
    }

    /// A name in lower case, or an address without brackets.
    package let host: String
    package let port: Int
    package let security: Security
    package let login: Login?
    /// What this server calls itself; nil for its address.
    package let helloName: String?

    /// The server's name in messages: `mail.example.org:587`.
    package var server: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    package var description: String {
        let protection =
            switch security {
            case .tls: "TLS"
            case .startTLS: "STARTTLS"
            case .none: "no TLS"
            }
        return "\(server) (\(protection)\(login == nil ? "" : ", with a login"))"
    }

    init(host: String, port: Int, security: Security, login: Login?, helloName: String?) {
        self.host = host
        self.port = port
        self.security = security
        self.login = login
        self.helloName = helloName
    }
}
