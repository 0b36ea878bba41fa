/// How far a mail had come.
package enum SMTPStep: Hashable, Sendable {
    case connecting
    case greeting
    case hello
    case startTLS
    case securing
    case login
    case sender
    case recipient(MailAddress)
    case data
    /// The whole mail, up to the reply that takes it.
    case content

    /// Completes "the server refused ".
    var object: String {
        switch self {
        case .connecting, .greeting: "the connection"
        case .hello: "the greeting"
        case .startTLS, .securing: "to start TLS"
        case .login: "the login"
        case .sender: "the sender"
        case .recipient(let address): "the recipient \(address.address)"
        case .data, .content: "the mail"
        }
    }

    /// Completes "while ".
    var activity: String {
        switch self {
        case .connecting: "connecting"
        case .greeting: "waiting for its greeting"
        case .hello: "greeting it"
        case .startTLS, .securing: "starting TLS"
        case .login: "logging in"
        case .sender: "naming the sender"
        case .recipient: "naming a recipient"
        case .data, .content: "handing over the mail"
        }
    }

    /// What to look at when the server refuses this for good.
    var advice: String {
        switch self {
        case .connecting, .greeting, .hello: "Ask the server's operator whether this machine may send mail there."
        case .startTLS, .securing: "Use smtps:// if the server has it, or ask its operator."
        case .login: "Check user and password in the mail server's URL."
        case .sender: "Check the sender's address: the server must allow it for this login."
        case .recipient: "Check the recipient's address."
        case .data, .content: "The reply says what the server objects to."
        }
    }
}
