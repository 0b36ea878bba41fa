import Core
import Testing

@testable import HTTPServer

/// Bodies and bytes that are large, slow, cut off or not HTTP at all.
@Suite(.serialized) struct ConnectionTests {
    private static func limits(_ change: (inout HTTPLimits) -> Void) -> HTTPLimits {
        var limits = HTTPLimits()
        change(&limits)
        return limits
    }

    @Test func aBodyAtTheLimitIsReadAndOneByteMoreIs413() async throws {
        try await TestServer.run(limits: Self.limits { $0.maximumBodyBytes = 1000 }) { server in
            for (size, status) in [(1000, 400), (1001, 413)] {
                // Spaces: within the limit it is invalid JSON, which shows that it was read.
                let announced = try await server.send("POST", "/api/notes", body: String(repeating: " ", count: size))
                #expect(announced.status == status)
                let (chunked, next) = try await RawConnection.with(server.port) { connection in
                    connection.send(TestServer.request("POST", "/api/notes", headers: ["Transfer-Encoding: chunked"]))
                    for _ in 0..<10 { connection.send("64\r\n" + String(repeating: " ", count: 100) + "\r\n") }
                    if size > 1000 { connection.send("1\r\n \r\n") }
                    connection.send("0\r\n\r\n")
                    let answer = try connection.response()
                    // The rest was drained, so the connection still serves.
                    connection.send(TestServer.request("GET", "/api/notes/n2"))
                    return (answer, try connection.response())
                }
                #expect(chunked.status == status)
                #expect(next.json?["id"]?.string == "n2")
            }
        }
    }

    @Test func anAnnouncedLengthThatIsTooLargeIsRefusedBeforeTheBody() async throws {
        try await TestServer.run { server in
            let answer = try await server.send("POST", "/api/notes", headers: ["Content-Length: 99999999999"])
            #expect(answer.status == 413)
            #expect(answer.code == "payload_too_large")
        }
    }

    @Test func aBodyThatStallsIs408AndTheConnectionEnds() async throws {
        try await TestServer.run(limits: Self.limits { $0.bodyDeadline = .milliseconds(300) }) { server in
            let (answer, rest) = try await RawConnection.with(server.port) { connection in
                connection.send(TestServer.request("POST", "/api/notes", headers: ["Content-Length: 20"]) + "{\"te")
                return (try connection.response(), try connection.readToEnd())
            }
            #expect(rest == "")
            #expect(answer.status == 408)
            #expect(answer.code == "request_timeout")
            #expect(answer.header("connection") == "close")
        }
    }

    @Test func anEndlessBodyThatNobodyReadsEndsWithTheConnection() async throws {
        let limits = Self.limits {
            $0.bodyDeadline = .milliseconds(200)
            // The answer has to be read before: closing throws away what a slow reader has not taken.
            $0.bodyGrace = .seconds(2)
        }
        try await TestServer.run(limits: limits) { server in
            let (answer, rest) = try await RawConnection.with(server.port) { connection in
                connection.send(
                    TestServer.request("POST", "/api/nothing", headers: ["Transfer-Encoding: chunked"]) + "5\r\nhello\r\n")
                return (try connection.response(), try connection.readToEnd())
            }
            #expect(answer.status == 404)
            #expect(rest == "")
        }
    }

    @Test func aBodyThatIsCutOffIsNotTakenForAWholeOne() async throws {
        try await TestServer.run { server in
            let answer = try await RawConnection.with(server.port) { connection in
                connection.send(
                    TestServer.request("POST", "/api/notes", headers: ["Content-Length: 40"]) + "{\"text\":\"whole\"}")
                connection.finishSending()
                return try connection.readToEnd()
            }
            #expect(!answer.contains("201"))
            #expect(answer.hasPrefix("HTTP/1.1 400") || answer.isEmpty)
        }
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: String
    }

    static let malformed = [
        Malformed(testDescription: "words", bytes: "GARBAGE\r\n\r\n"),
        Malformed(testDescription: "version", bytes: "GET /api/notes HTTP/9.9.9\r\n\r\n"),
        Malformed(testDescription: "a TLS hello", bytes: "\u{16}\u{3}\u{1}\u{2}\r\n\r\n"),
        Malformed(testDescription: "space in a header's name", bytes: "GET / HTTP/1.1\r\nHo st: a\r\n\r\n"),
        Malformed(
            testDescription: "negative length", bytes: "POST /api/notes HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n"),
        Malformed(
            testDescription: "two framings",
            bytes: "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        Malformed(
            testDescription: "long header",
            bytes: "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 40_000) + "\r\n\r\n"),
        Malformed(
            testDescription: "many", bytes: "GET / HTTP/1.1\r\n" + (0..<150).map { "X-\($0): a\r\n" }.joined() + "\r\n"),
        Malformed(
            testDescription: "long target",
            bytes: "GET /" + String(repeating: "a", count: 40_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
    ]

    @Test(arguments: malformed) func whatIsNoRequestIsAnsweredWithTheEnvelope(malformed: Malformed) async throws {
        try await TestServer.run { server in
            let (answer, rest) = try await RawConnection.with(server.port) { connection in
                connection.send(malformed.bytes)
                return (try connection.response(), try connection.readToEnd())
            }
            #expect(answer.status == 400)
            #expect(answer.code == "invalid_request")
            #expect(answer.header("connection") == "close")
            #expect(answer.header("x-request-id")?.hasPrefix("req_") == true)
            #expect(rest == "")
            // Others are served as before.
            let next = try await server.send("GET", "/api/notes/n1")
            #expect(next.status == 200)
        }
    }

    @Test func oddTargetsAreAnsweredNotCrashedOn() async throws {
        try await TestServer.run { server in
            let targets = [
                "*", "//", "/?", "/??", "/#", "/api/notes?&&&=&", "http://a", "http://a/api/notes/n1", "/api//notes", "/%",
            ]
            for target in targets + ["/api/notes/" + String(repeating: "%41", count: 2000), "/api/notes/..%2f..%2fetc"] {
                let answer = try await server.send("GET", target)
                #expect([200, 400, 404].contains(answer.status), "\(target)")
            }
        }
    }

    @Test func whoAsksBeforeSendingTheBodyIsToldToGoOn() async throws {
        try await TestServer.run { server in
            let body = "{\"text\":\"hello\"}"
            let headers = ["Expect: 100-continue", "Content-Type: application/json"]
            let statuses = try await RawConnection.with(server.port) { connection in
                connection.send(
                    TestServer.request("POST", "/api/notes", headers: headers + ["Content-Length: \(body.utf8.count)"]))
                let interim = try connection.response()
                connection.send(body)
                return [interim.status, try connection.response().status]
            }
            #expect(statuses == [100, 201])
            let refused = try await server.send("POST", "/api/notes", headers: headers + ["Content-Length: 2000000"])
            #expect(refused.status == 413)
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await TestServer.run(limits: Self.limits { $0.idleTimeout = .milliseconds(200) }) { server in
            let rest = try await RawConnection.with(server.port) { connection in
                connection.send("GET /api/no")
                return try connection.readToEnd()
            }
            #expect(!rest.contains("200 OK"))
        }
    }

    @Test func aStopFinishesTheRequestsThatRun() async throws {
        let (answers, continuation) = AsyncStream.makeStream(of: RawResponse?.self)
        try await TestServer.run { server in
            Task {
                continuation.yield(try? await server.send("GET", "/api/slow"))
                continuation.finish()
            }
            // Leaves, and so stops the server, once the request runs.
            while server.metrics.inFlight == 0 { await Task.yield() }
        }
        var iterator = answers.makeAsyncIterator()
        let answer = await iterator.next()
        #expect(answer??.status == 200)
        #expect(answer??.json?["id"]?.string == "slow")
    }
}
