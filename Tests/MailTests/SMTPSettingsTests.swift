import Core
import Testing

@testable import Mail

struct SMTPSettingsTests {
    @Test(
        arguments: [
            ("smtp://mail.example.org", "mail.example.org", 587, SMTPSettings.Security.startTLS),
            ("SMTPS://Mail.Example.org/", "mail.example.org", 465, .tls),
            ("smtp://localhost:1025?tls=none", "localhost", 1_025, .none),
            ("smtp://u:p@192.0.2.1:25", "192.0.2.1", 25, .startTLS),
            ("smtps://[2001:DB8::1]:4650", "2001:db8::1", 4_650, .tls),
            ("smtps://[2001:db8::1]", "2001:db8::1", 465, .tls),
        ])
    func urlsSayWhereAndHow(url: String, host: String, port: Int, security: SMTPSettings.Security) throws {
        let settings = try SMTPSettings(url: url)
        #expect(settings.host == host)
        #expect(settings.port == port)
        #expect(settings.security == security)
    }

    @Test func userAndPasswordAreDecoded() throws {
        let settings = try SMTPSettings(
            url: "smtp://me%40example.org:p%3Aa%2Fs%25s%C3%A9@mail.example.org?hello=social.example.org")
        #expect(settings.login?.user == "me@example.org")
        #expect(settings.login?.password.reveal() == "p:a/s%sé")
        #expect(settings.helloName == "social.example.org")
    }

    @Test(
        arguments: [
            ("", SMTPSettingsIssue.badScheme), ("mail.example.org", .badScheme), ("http://mail.example.org", .badScheme),
            ("user:hunter2@mail.example.org", .badScheme), ("smtp://", .noHost), ("smtp://user:hunter2@", .noHost),
            ("smtp://:587", .noHost), ("smtp://mail_.example..org", .badHost), ("smtp://-mail.example.org", .badHost),
            ("smtp://mail.example.org.", .badHost), ("smtp://1.2.3", .badHost), ("smtp://[192.0.2.1]", .badHost),
            ("smtp://[::1", .badHost), ("smtp://mail.example.org:", .badPort), ("smtp://mail.example.org:0", .badPort),
            ("smtp://mail.example.org:65536", .badPort), ("smtp://mail.example.org:+25", .badPort),
            ("smtp://[::1]25", .badPort), ("smtp://hunter2@mail.example.org", .incompleteLogin),
            ("smtp://user:@mail.example.org", .incompleteLogin), ("smtp://:hunter2@mail.example.org", .incompleteLogin),
            ("smtp://user:hunt/er2@mail.example.org", .unencodedLogin),
            ("smtp://user:hunt?er2@mail.example.org", .unencodedLogin),
            ("smtp://user:hunt#er2@mail.example.org", .unencodedLogin),
            ("smtp://user:hunt@er2@mail.example.org", .unencodedLogin),
            ("smtp://user:hunt:er2@mail.example.org", .unencodedLogin),
            ("smtp://user:hunter2%@mail.example.org", .unencodedLogin),
            ("smtp://user:hunter2%GG@mail.example.org", .unencodedLogin), ("smtp://user:%FF@mail.example.org", .unencodedLogin),
            ("smtp://user:hunter2%00@mail.example.org", .badCharacter),
            ("smtp://user:hunter 2@mail.example.org", .badCharacter),
            ("smtp://mäil.example.org", .badCharacter), ("smtp://mail.example.org\r\n", .badCharacter),
            ("smtp://mail.example.org/inbox", .unexpectedPath), ("smtp://mail.example.org#top", .unexpectedPath),
            ("smtp://mail.example.org?", .badOption), ("smtp://mail.example.org?tls=maybe", .badOption),
            ("smtp://mail.example.org?hello=two%20words", .badOption), ("smtps://mail.example.org?tls=none", .contradictoryTLS),
        ])
    func slipsAreNamedWithoutShowingAnyOfTheURL(url: String, issue: SMTPSettingsIssue) {
        #expect(throws: issue) { try SMTPSettings(url: url) }
        #expect(!issue.description.contains("hunt") && !issue.description.contains("er2"))
    }

    @Test func printingSettingsShowsNoPassword() throws {
        let settings = try SMTPSettings(url: "smtp://user:hunter2@mail.example.org")
        #expect("\(settings)" == "mail.example.org:587 (STARTTLS, with a login)")
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("hunter2"))
        #expect(!String(reflecting: settings).contains("hunter2"))
    }
}
