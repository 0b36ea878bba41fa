import Contract
import Core

/// A mail that waits to be sent.
package struct OutgoingMail: Sendable, Hashable {
    package var to: String
    package var subject: String
    package var text: String

    package init(to: String, subject: String, text: String) {
        self.to = to
        self.subject = subject
        self.text = text
    }

    var json: JSONValue { ["to": .string(to), "subject": .string(subject), "text": .string(text)] }

    init?(_ json: JSONValue) {
        guard let to = json["to"]?.string, let subject = json["subject"]?.string, let text = json["text"]?.string else {
            return nil
        }
        self.init(to: to, subject: subject, text: text)
    }
}

/// What became of a try to send.
package enum MailOutcome: Sendable {
    case sent
    /// It may work later.
    case delayed(String)
    /// It never will.
    case refused(String)
}
