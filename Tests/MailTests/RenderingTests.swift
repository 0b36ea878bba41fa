import Core
import Testing

@testable import Mail

struct RenderingTests {
    private let ambient = Ambient.fixed().0

    private func note(subject: String = "Hello", text: String = "Good day.\n") throws -> MailMessage {
        try .note(to: "you@example.org", subject: subject, text: text)
    }

    private func rendered(_ message: MailMessage) throws -> String {
        String(decoding: try message.rendered(ambient).bytes, as: UTF8.self)
    }

    @Test func aPlainMailIsPlain() throws {
        var message = try note()
        message.id = "c123"
        let expected = """
            Date: Tue, 03 Feb 2026 10:30:00 +0000
            From: Audenci <audenci@example.org>
            To: you@example.org
            Subject: Hello
            Message-ID: <c123@example.org>
            Auto-Submitted: auto-generated
            MIME-Version: 1.0
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Good day.

            """
        #expect(
            try rendered(message) == expected.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
        )
    }

    @Test func theSameInputsGiveTheSameBytesAndOthersGiveOthers() throws {
        var message = try note()
        message.html = "<p>Good day.</p>"
        #expect(try message.rendered(Ambient.fixed().0) == message.rendered(Ambient.fixed().0))
        #expect(try message.rendered(Ambient.fixed().0).messageID != message.rendered(Ambient.fixed(seed: 2).0).messageID)
    }

    @Test(
        arguments: [
            (Int64(0), "Thu, 01 Jan 1970 00:00:00 +0000"), (-1, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 +0000"), (1_795_744_618, "Fri, 27 Nov 2026 01:56:58 +0000"),
        ])
    func datesAreThoseOfTheCalendar(seconds: Int64, text: String) {
        #expect(MailDate.text(Instant(seconds: seconds)) == text)
    }

    @Test(
        arguments: [
            "a\r\nBcc: b@example.org", "a\nb", "a\rb", "a\0b", "a\tb", "a\u{85}b", "a\u{2028}b", "a\u{7F}b", "\u{0B}",
        ])
    func noValueCanWriteAHeader(value: String) throws {
        var subject = try note()
        subject.subject = value
        #expect(throws: MailMessageIssue.controlCharacter(field: "subject")) { try subject.rendered(ambient) }
        var header = try note()
        header.headers = [MailHeader("X-Note", value)]
        #expect(throws: MailMessageIssue.controlCharacter(field: "X-Note")) { try header.rendered(ambient) }
        #expect(throws: MailMessageIssue.self) { try MailAddress("a@example.org", name: value) }
        #expect(throws: MailMessageIssue.self) { try MailAddress(value + "@example.org") }
        #expect(throws: MailMessageIssue.self) { try MailAddress("a@example.org" + value) }
        #expect(throws: MailMessageIssue.self) { try MailAddress(parsing: "\(value) <a@example.org>") }
        var id = try note()
        id.id = value
        #expect(throws: MailMessageIssue.badID) { try id.rendered(ambient) }
        var name = try note()
        name.headers = [MailHeader(value, "a")]
        #expect(throws: MailMessageIssue.badHeaderName) { try name.rendered(ambient) }
    }

    @Test(arguments: ["From", "to", "BCC", "Subject", "Message-ID", "Content-Type", "Return-Path", "Resent-To"])
    func headersThatTheMailHasAnywayCannotBeSet(name: String) throws {
        var message = try note()
        message.headers = [MailHeader(name, "x")]
        #expect(throws: MailMessageIssue.reservedHeader(name)) { try message.rendered(ambient) }
    }

    @Test(
        arguments: [
            ("", AddressFault.noAt), ("you", .noAt), ("@example.org", .badLocalPart), ("you@", .badDomain),
            ("y ou@example.org", .badLocalPart), ("you@exam ple.org", .badDomain), ("you@@example.org", .badLocalPart),
            (".you@example.org", .badLocalPart), ("y..ou@example.org", .badLocalPart), ("you@-example.org", .badDomain),
            ("you@example..org", .badDomain), ("you@example.org>", .badDomain), ("\"you\"@example.org", .badLocalPart),
            ("you@bücher.example", .notASCII), (String(repeating: "a", count: 65) + "@example.org", .tooLong),
        ])
    func whatIsNoAddressIsRefused(text: String, fault: AddressFault) {
        #expect(throws: MailMessageIssue.badAddress(fault)) { try MailAddress(text) }
    }

    @Test(
        arguments: [
            ("a@example.org", "a@example.org", nil), ("Ann <a@example.org>", "a@example.org", "Ann"),
            ("\"Ann, B.\" <a@example.org>", "a@example.org", "Ann, B."), ("<a+b@example.org>", "a+b@example.org", nil),
        ])
    func settingsMayNameAnAddress(text: String, address: String, name: String?) throws {
        let parsed = try MailAddress(parsing: text)
        #expect(parsed.address == address)
        #expect(parsed.name == name)
    }

    @Test func boundsAreHeld() throws {
        var message = try note()
        message.to = []
        #expect(throws: MailMessageIssue.noRecipient) { try message.rendered(ambient) }
        message.to = Array(repeating: try MailAddress("a@example.org"), count: 51)
        #expect(throws: MailMessageIssue.tooMany(what: "recipients", limit: 50)) { try message.rendered(ambient) }
        let long = try note(subject: String(repeating: "a", count: 901))
        #expect(throws: MailMessageIssue.tooLong(field: "subject", limit: 900)) { try long.rendered(ambient) }
        let large = try note(text: String(repeating: "a", count: 524_289))
        #expect(throws: MailMessageIssue.tooLong(field: "text", limit: 524_288)) { try large.rendered(ambient) }
    }

    @Test func everyLineIsShortAndSevenBitAndEndsInCRLF() throws {
        var message = try note(
            subject: String(repeating: "größer als 👨‍👩‍👧‍👦 ", count: 15),
            text: String(repeating: "ä =  \t👍 .x", count: 300) + "\r\n" + String(repeating: "b", count: 500) + " \n.\n..\rend")
        message.html = String(repeating: "<p>é</p>", count: 100)
        message.to = try (0..<50).map {
            try MailAddress("someone\($0)@example.org", name: "Jörg \"\($0)\" Müller-Lüdenscheidt, der")
        }
        message.headers = [
            MailHeader("List-Unsubscribe", "<https://example.org/" + String(repeating: "u", count: 60) + ">, <mailto:a@b.c>")
        ]
        let text = try rendered(message)
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        #expect(text.hasSuffix("\r\n"))
        let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
        for line in lines {
            #expect(line.last == 0x0D)
            #expect(!line.dropLast().contains(0x0D))
            #expect(line.count <= 77 || line.starts(with: "List-Unsubscribe".utf8))
            #expect(line.count == 1 || line.dropLast().last != 0x20)
        }
    }

    @Test(
        arguments: [
            ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\r\n\r\nb", ["a", "", "b"]), ("a\rb", ["a", "b"]), ("a=b", ["a=3Db"]),
            ("a ", ["a=20"]), ("a\t\n", ["a=09"]), ("é", ["=C3=A9"]), ("\0", ["=00"]),
            (String(repeating: "a", count: 76), [String(repeating: "a", count: 76)]),
            (String(repeating: "a", count: 77), [String(repeating: "a", count: 75) + "=", "aa"]),
            (String(repeating: "a", count: 74) + "é", [String(repeating: "a", count: 74) + "=", "=C3=A9"]),
        ])
    func quotedPrintableIsAsTheStandardHasIt(text: String, lines: [String]) {
        #expect(QuotedPrintable.lines(text) == lines)
    }

    @Test(arguments: [(".\r\n", "..\r\n.\r\n"), ("a\r\n.b\r\n.\r\n", "a\r\n..b\r\n..\r\n.\r\n"), ("a.\r\n", "a.\r\n.\r\n")])
    func dotsAtLineStartsAreDoubled(mail: String, wire: String) {
        #expect(String(decoding: DotStuffing.wire(Array(mail.utf8)), as: UTF8.self) == wire)
    }

    @Test func encodedWordsHoldWholeCharactersAndAreShort() {
        let words = EncodedWord.words(String(repeating: "👍", count: 40), first: 30)
        #expect(words.first.map(\.utf8.count).map { $0 <= 30 } == true)
        for word in words {
            #expect(word.utf8.count <= 75)
            let bytes = Base64.decode(String(word.dropFirst(10).dropLast(2)))
            #expect(bytes.map { $0.count % 4 } == 0)
        }
    }
}
