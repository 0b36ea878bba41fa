import Core
import Testing

@testable import Mail

/// What is written, as python's email parser reads it after SMTP had it.
@Suite(.enabled(if: Peers.areInstalled, "script/bootstrap --test installs the mail servers for these tests"))
struct RoundTripTests {
    private let peers: Peers

    init() throws { peers = try Peers.running() }

    private func read(_ message: MailMessage) async throws -> JSONValue {
        try await peers.transport("plain").send(message)
        let mail = try #require(try peers.mail(for: message.to.first?.address ?? ""))
        #expect(mail["defects"]?.array == [])
        return mail
    }

    private func header(_ name: String, of mail: JSONValue) -> String? {
        mail["headers"]?.array?.first { $0[0]?.string == name }?[1]?.string
    }

    @Test(
        arguments: [
            "Hello", "Einladung für Zoë", "招待状が届いています、どうぞお受け取りください。今すぐ登録してください。", "👩‍🚀👍🏽 go",
            "=?utf-8?B?aGVsbG8=?=", "two  blanks", " leading", "trailing ", "colon: \"quoted\" <x@y>, (comment) \\ ; @",
            "a plain subject that is much longer than what fits onto one line of seventy-six columns, and even then some",
            String(repeating: "w", count: 900), String(repeating: "ü", count: 450), "",
        ])
    func subjectsComeBackAsTheyWere(subject: String) async throws {
        let recipient = "subject\(Signature.sha256(subject.utf8).prefix(16))@example.org"
        let mail = try await read(.note(to: recipient, subject: subject))
        #expect(header("Subject", of: mail) == subject)
    }

    @Test(
        arguments: [
            "Ann", "Ann Example", "Ann \"the\\Fox\" Example, B.A.", "Jörg Müller", "李小龍", "a@b.example", "=?x?=",
            "A rather long name with, alas, a comma, so that it cannot be left without quotes at all, can it",
        ])
    func namesComeBackAsTheyWere(name: String) async throws {
        let recipient = "name\(Signature.sha256(name.utf8).prefix(16))@example.org"
        var message = try MailMessage.note(to: recipient)
        message.to = [try MailAddress(recipient, name: name), try MailAddress("second@example.org", name: name)]
        message.replyTo = try MailAddress("reply@example.org", name: name)
        let mail = try await read(message)
        #expect(
            mail["addresses"]?["To"]
                == .array([
                    .array([.string(name), .string(recipient)]), .array([.string(name), .string("second@example.org")]),
                ]))
        #expect(mail["addresses"]?["Reply-To"] == .array([.array([.string(name), .string("reply@example.org")])]))
        #expect(mail["to"]?.array?.count == 2)
    }

    @Test(
        arguments: [
            "", "one line", "a\n\n\nb\n", ".\n..\n.a\n", "From here\n", "blank at the end \n\ttab\t\n", "ä ö ü = 👍\n",
            "--=_looks like a boundary\n", String(repeating: "long ", count: 400) + "\n", "\n\n",
        ])
    func bodiesComeBackAsTheyWere(text: String) async throws {
        let recipient = "body\(Signature.sha256(text.utf8).prefix(16))@example.org"
        var message = try MailMessage.note(to: recipient, text: text)
        // A text's last line always ends.
        let expected = text.isEmpty || text.hasSuffix("\n") ? text : text + "\n"
        #expect(try await read(message)["plain"]?.string == expected)

        message.html = "<p>" + text + "</p>\n"
        let mail = try await read(message)
        #expect(mail["type"]?.string == "multipart/alternative")
        #expect(mail["plain"]?.string == expected)
        #expect(mail["html"]?.string == "<p>" + text + "</p>\n")
    }

    @Test func furtherHeadersDateAndIdentityComeBack() async throws {
        var message = try MailMessage.note(to: "headers@example.org")
        message.id = "c42"
        message.headers = [
            MailHeader("List-Unsubscribe", "<https://example.org/unsubscribe?token=abc>"), MailHeader("X-Note", "größer"),
            MailHeader("Auto-Submitted", "auto-replied"),
        ]
        let start = Ambient.live.now()
        let mail = try await read(message)
        #expect(header("List-Unsubscribe", of: mail) == "<https://example.org/unsubscribe?token=abc>")
        #expect(header("X-Note", of: mail) == "größer")
        #expect(header("Auto-Submitted", of: mail) == "auto-replied")
        #expect(header("Message-ID", of: mail) == "<c42@example.org>")
        #expect(mail["headers"]?.array?.filter { $0[0]?.string == "Auto-Submitted" }.count == 1)
        let date = try #require(mail["date"]?.string.flatMap { Instant(iso8601: $0) })
        // Of the time between sending and reading, in whole seconds.
        #expect(date > start - .seconds(1) && date <= Ambient.live.now())
    }
}
