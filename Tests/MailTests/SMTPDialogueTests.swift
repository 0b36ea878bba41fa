import Core
import Testing

@testable import Mail

/// The protocol without a network.
struct SMTPDialogueTests {
    private func dialogue(_ url: String, to: [String] = ["a@example.org"]) throws -> SMTPDialogue {
        let envelope = SMTPEnvelope(from: try MailAddress("from@example.org"), to: try to.map { try MailAddress($0) })
        return SMTPDialogue(try SMTPSettings(url: url), envelope: envelope, helloName: "me.example.org")
    }

    private func reply(_ code: Int, _ lines: String...) -> SMTPReply { SMTPReply(code: code, lines: lines) }

    @Test func everyRecipientIsNamedBeforeTheMail() throws {
        var dialogue = try dialogue("smtp://localhost?tls=none", to: ["a@example.org", "b@example.org"])
        #expect(try dialogue.receive(reply(220, "hi")) == .send("EHLO me.example.org"))
        #expect(try dialogue.receive(reply(250, "hi")) == .send("MAIL FROM:<from@example.org>"))
        #expect(try dialogue.receive(reply(250, "ok")) == .send("RCPT TO:<a@example.org>"))
        #expect(try dialogue.receive(reply(251, "forwarded")) == .send("RCPT TO:<b@example.org>"))
        #expect(try dialogue.receive(reply(250, "ok")) == .send("DATA"))
        #expect(try dialogue.receive(reply(354, "go")) == .sendContent)
        #expect(try dialogue.receive(reply(250, "taken")) == .done)
    }

    @Test func theLoginWaitsForTLSAndForgetsWhatWasSaidBefore() throws {
        var dialogue = try dialogue("smtp://user:hunter2@mail.example.org")
        #expect(try dialogue.receive(reply(220, "hi")) == .send("EHLO me.example.org"))
        #expect(try dialogue.receive(reply(250, "hi", "STARTTLS", "AUTH PLAIN")) == .send("STARTTLS"))
        #expect(try dialogue.receive(reply(220, "go")) == .secure)
        #expect(dialogue.secured() == .send("EHLO me.example.org"))
        #expect(try dialogue.receive(reply(250, "hi", "AUTH LOGIN")) == .send("AUTH LOGIN"))
        #expect(try dialogue.receive(reply(334, "VXNlcm5hbWU6")) == .send("dXNlcg=="))
        #expect(try dialogue.receive(reply(334, "UGFzc3dvcmQ6")) == .send("aHVudGVyMg=="))
        #expect(try dialogue.receive(reply(235, "ok")) == .send("MAIL FROM:<from@example.org>"))
    }

    @Test func withoutTLSNobodyIsAskedForIt() throws {
        var dialogue = try dialogue("smtp://user:hunter2@localhost?tls=none")
        _ = try dialogue.receive(reply(220, "hi"))
        // RFC 4616: NUL user NUL password.
        #expect(
            try dialogue.receive(reply(250, "hi", "STARTTLS", "AUTH PLAIN LOGIN")) == .send("AUTH PLAIN AHVzZXIAaHVudGVyMg=="))
    }

    @Test(arguments: [421, 450, 500, 554, 220, 354])
    func onlyAReplyThatFitsGoesOn(code: Int) throws {
        var dialogue = try dialogue("smtp://localhost?tls=none")
        _ = try dialogue.receive(reply(220, "hi"))
        _ = try dialogue.receive(reply(250, "hi"))
        let said = reply(code, "x")
        guard code != 220 else { return #expect(try dialogue.receive(said) == .send("RCPT TO:<a@example.org>")) }
        let expected: MailIssue =
            switch code {
            case 400..<500: .deferred(server: "localhost:587", step: .sender, reply: said)
            case 500...: .rejected(server: "localhost:587", step: .sender, reply: said)
            case _: .protocolFault(server: "localhost:587", during: .sender, .unexpected(code: code))
            }
        #expect(throws: expected) { try dialogue.receive(said) }
    }
}
