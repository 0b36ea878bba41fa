import Testing

@testable import Mail

struct SMTPReplyParserTests {
    private func replies(_ text: String, pieces: Int = .max) throws -> [SMTPReply] {
        var parser = SMTPReplyParser()
        var rest = Array(text.utf8)[...]
        var replies: [SMTPReply] = []
        while !rest.isEmpty {
            parser.feed(rest.prefix(pieces))
            rest = rest.dropFirst(pieces)
            while let reply = try parser.next() { replies.append(reply) }
        }
        return replies
    }

    @Test(arguments: [1, 2, 3, 1_000])
    func repliesAreFoundHoweverTheyArriveCut(pieces: Int) throws {
        let text = "220-one\r\n220-\r\n220 three\r\n250\r\n354 go\n"
        let expected = [
            SMTPReply(code: 220, lines: ["one", "", "three"]), SMTPReply(code: 250, lines: [""]),
            SMTPReply(code: 354, lines: ["go"]),
        ]
        #expect(try replies(text, pieces: pieces) == expected)
    }

    @Test func aReplyWithoutItsEndIsNone() throws {
        #expect(try replies("250-one\r\n250 two") == [])
    }

    @Test(arguments: ["", "25", "25x", "abc d", "250_x", "199 x", "600 x", "220-a\r\n250 b", "\u{FF12}\u{FF12}\u{FF10} x"])
    func whatIsNoReplyIsRefused(line: String) {
        #expect(throws: SMTPFault.noReply) { try replies(line + "\r\n") }
    }

    @Test func linesAndTheirNumberAreBounded() throws {
        let longest = "250 " + String(repeating: "x", count: SMTPReplyParser.maximumLineBytes - 5)
        #expect(try replies(longest + "\r\n").count == 1)
        #expect(throws: SMTPFault.longLine) { try replies(longest + "xx\r\n") }
        #expect(try replies(String(repeating: "250-x\r\n", count: 63) + "250 x\r\n").count == 1)
        #expect(throws: SMTPFault.manyLines) { try replies(String(repeating: "250-x\r\n", count: 65)) }
    }

    @Test func aReplyCountsWhateverComesBehindIt() throws {
        var parser = SMTPReplyParser()
        parser.feed("250 taken\r\nnonsense\r\n".utf8)
        #expect(try parser.next() == SMTPReply(code: 250, lines: ["taken"]))
        #expect(!parser.isEmpty)
        #expect(throws: SMTPFault.noReply) { try parser.next() }
    }

    @Test func repliesInMessagesArePrintableAndShort() {
        let reply = SMTPReply(code: 550, lines: ["no\u{1B}[31m", String(repeating: "x", count: 500)])
        #expect(reply.description.hasPrefix("550 no?[31m xxx"))
        #expect(reply.description.count == 304)
    }

    @Test func capabilitiesAreReadInBothSpellings() {
        let reply = SMTPReply(
            code: 250, lines: ["STARTTLS AUTH PLAIN", "size 1000", "starttls", "AUTH=LOGIN", "auth PLAIN LOGIN CRAM-MD5"])
        let capabilities = SMTPCapabilities(reply)
        #expect(capabilities.hasStartTLS)
        #expect(capabilities.mechanisms == ["LOGIN", "PLAIN", "CRAM-MD5"])
        #expect(!SMTPCapabilities(SMTPReply(code: 250, lines: ["STARTTLS"])).hasStartTLS)
    }
}
