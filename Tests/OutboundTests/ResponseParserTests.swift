import NIOCore
import Testing

@testable import Outbound

@Suite(.serialized) struct ResponseParserTests {
    private func parse(
        _ text: String, method: String = "POST", limit: Int = 1_000, step: Int? = nil, ends: Bool? = nil
    ) throws(ResponseParser.Fault) -> (parser: ResponseParser, isDone: Bool) {
        var parser = ResponseParser(requestMethod: method, maximumBodyBytes: limit)
        let bytes = Array(text.utf8)
        let size = step ?? max(bytes.count, 1)
        var start = 0
        while start < bytes.count, !parser.isDone {
            _ = try parser.feed(ByteBuffer(bytes: bytes[start..<min(start + size, bytes.count)]))
            start += size
        }
        if let ends { _ = parser.end(isClean: ends) }
        return (parser, parser.isDone)
    }

    static let whole = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A:  b \r\n\r\nhello",
        "HTTP/1.1 200\r\nTransfer-Encoding: CHUNKED\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\nTrailer: x\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello",
    ]

    @Test(arguments: whole, [1, 2, 3, 7, 1_000])
    func everySplitGivesTheSameAnswer(_ text: String, _ step: Int) throws {
        let (parser, isDone) = try parse(text, step: step)
        #expect(isDone)
        #expect(parser.status == 200)
        #expect(String(decoding: parser.body, as: UTF8.self) == "hello")
        #expect(parser.keepsConnection)
        #expect(!parser.isTruncated)
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH\r\n", ResponseParser.Fault.notHTTP), ("HTTP/2 200\r\n\r\n", .notHTTP),
        ("\r\nHTTP/1.1 200 OK\r\n\r\n", .notHTTP),
        ("HTTP/1.1 200 OK\nContent-Length: 0\n\n", .lineEnding), ("HTTP/1.2 200 OK\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 20 OK\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 099 OK\r\n\r\n", .badStatusLine), ("HTTP/1.1 2000\r\n\r\n", .badStatusLine),
        ("HTTP/1.1  200 OK\r\n\r\n", .badStatusLine),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .lengthAndCoding),
        ("HTTP/1.1 204 No\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", .lengthAndCoding),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .badLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", .badLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\n", .badLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: \r\n\r\n", .badLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", .badLength),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .badCoding),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\n", .badCoding),
        ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .badCoding),
        ("HTTP/1.1 200 OK\r\nNo colon\r\n\r\n", .badHeader),
        ("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\n\r\n", .badHeader), ("HTTP/1.1 200 OK\r\nA : b\r\n\r\n", .badHeader),
        ("HTTP/1.1 200 OK\r\n: b\r\n\r\n", .badHeader), ("HTTP/1.1 200 OK\r\nA: b\u{0}c\r\n\r\n", .badHeader),
        ("HTTP/1.1 200 OK\r\nA: b\rc\r\n\r\n", .badHeader),
        ("HTTP/1.1 101 Switching\r\n\r\n", .switchedProtocols),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .badChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", .badChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", .badChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n", .badChunk),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\na\r\n", .lineEnding),
    ])
    func doubtfulAnswersAreRefused(_ text: String, _ fault: ResponseParser.Fault) {
        #expect(throws: fault) { try parse(text) }
        #expect(throws: fault) { try parse(text, step: 1) }
    }

    @Test func headersAreBounded() throws {
        let line = "A: b\r\n"
        let most = "HTTP/1.1 204 No\r\n" + String(repeating: line, count: 100) + "\r\n"
        #expect(try parse(most).parser.headers.count == 100)
        #expect(throws: ResponseParser.Fault.tooManyHeaders) {
            try parse("HTTP/1.1 204 No\r\n" + String(repeating: line, count: 101) + "\r\n")
        }
        let long = "HTTP/1.1 204 No\r\nA: " + String(repeating: "b", count: 16_384)
        #expect(throws: ResponseParser.Fault.headTooLarge) { try parse(long) }
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(throws: ResponseParser.Fault.badChunk) { try parse(chunked + String(repeating: "0", count: 300)) }
        #expect(throws: ResponseParser.Fault.tooManyHeaders) {
            try parse(chunked + "0\r\n" + String(repeating: line, count: 102))
        }
        #expect(throws: ResponseParser.Fault.tooManyInterim) {
            try parse(String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 9))
        }
    }

    @Test func bodiesAreCutAtTheLimitAndNotOneByteBefore() throws {
        for text in [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ] {
            for step in [1, 1_000] {
                let exact = try parse(text, limit: 5, step: step)
                #expect(exact.isDone && !exact.parser.isTruncated && exact.parser.keepsConnection)
                let cut = try parse(text, limit: 4, step: step)
                #expect(cut.isDone && cut.parser.isTruncated && !cut.parser.keepsConnection)
                #expect(cut.parser.body == Array("hell".utf8))
            }
        }
    }

    @Test func bodiesWithoutLengthEndWithTheConnection() throws {
        let text = "HTTP/1.1 200 OK\r\n\r\nhello"
        #expect(try !parse(text).isDone)
        let clean = try parse(text, ends: true)
        #expect(clean.isDone && !clean.parser.isTruncated && !clean.parser.keepsConnection)
        #expect(try parse(text, ends: false).parser.isTruncated)
        #expect(try !parse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", ends: true).isDone)
        #expect(try !parse("HTTP/1.1 200 OK\r\n", ends: true).isDone)
    }

    @Test func answersWithoutBodyEndWithTheirHead() throws {
        #expect(try parse("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", method: "HEAD").isDone)
        #expect(try parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n").isDone)
        #expect(try parse("HTTP/1.1 204 No Content\r\n\r\n").isDone)
    }

    @Test func connectionsAreKeptOnlyWhenNothingSpeaksAgainstIt() throws {
        #expect(try parse("HTTP/1.1 204 No\r\n\r\n").parser.keepsConnection)
        #expect(try !parse("HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n").parser.keepsConnection)
        #expect(try !parse("HTTP/1.1 204 No\r\nConnection: x, Close\r\n\r\n").parser.keepsConnection)
        #expect(try !parse("HTTP/1.1 204 No\r\n\r\nHTTP/1.1 200 OK\r\n").parser.keepsConnection)
    }

    /// Whatever comes in, the parser neither traps nor keeps more than its limits.
    @Test func randomBytesNeverTrap() {
        var generator = Seeded(state: 7)
        let parts = Self.whole.flatMap { Array($0.utf8) }
        for _ in 0..<1_000 {
            var bytes = Array(parts.shuffled(using: &generator).prefix(Int.random(in: 0..<80, using: &generator)))
            if Bool.random(using: &generator) {
                bytes = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".utf8) + bytes
            }
            var parser = ResponseParser(requestMethod: "GET", maximumBodyBytes: 16)
            for byte in bytes {
                do { if try parser.feed(ByteBuffer(bytes: [byte])) { break } } catch { break }
            }
            #expect(parser.body.count <= 16)
        }
    }
}

/// The same numbers on every run (Knuth's 64-bit linear congruential generator).
private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 32
    }
}
