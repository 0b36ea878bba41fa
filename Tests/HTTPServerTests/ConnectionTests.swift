import Core
import Testing

@testable import HTTPServer

/// Bodies and bytes that are large, slow, cut off or not HTTP at all.
@Suite struct ConnectionTests {
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
                let chunked = try await RawConnection.with(server.port) { connection in
                    connection.send(TestServer.request("POST", "/api/notes", headers: ["Transfer-Encoding: chunked"]))
                    for _ in 0..<10 { connection.send("64\r\n" + String(repeating: " ", count: 100) + "\r\n") }
                    if size > 1000 { connection.send("1\r\n \r\n") }
                    connection.send("0\r\n\r\n")
                    let answer = try connection.response()
                    // The rest was drained, so the connection still serves.
                    connection.send(TestServer.request("GET", "/api/notes/n2"))
                    #expect(try connection.response().json?["id"]?.string == "n2")
                    return answer
                }
                #expect(chunked.status == status)
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
            let answer = try await RawConnection.with(server.port) { connection in
                connection.send(TestServer.request("POST", "/api/notes", headers: ["Content-Length: 20", "Content-Type: application/json"]))
                connection.send("{\"te")
                let answer = try connection.response()
                #expect(try connection.readToEnd() == "")
                return answer
            }
            #expect(answer.status == 408)
            #expect(answer.code == "request_timeout")
            #expect(answer.header("connection") == "close")
        }
    }

    @Test func aBodyThatIsCutOffIsNotTakenForAWholeOne() async throws {
        try await TestServer.run { server in
            let answer = try await RawConnection.with(server.port) { connection in
                connection.send(TestServer.request("POST", "/api/notes", headers: ["Content-Length: 40", "Content-Type: application/json"]))
                connection.send("{\"text\":\"whole\"}")
                connection.finishSending()
                return try connection.readToEnd()
            }
            #expect(!answer.contains("201"))
            #expect(answer.hasPrefix("HTTP/1.1 400") || answer.isEmpty)
        }
    }

    @Test(arguments: [
        "GARBAGE\r\n\r\n", "GET /api/notes HTTP/9.9.9\r\n\r\n", "GET  /api/notes HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\r\n\r\n",
        "GET / HTTP/1.1\r\nHo st: a\r\n\r\n", "POST /api/notes HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "a", count: 40_000) + "\r\n\r\n",
        "GET / HTTP/1.1\r\n" + (0..<150).map { "X-\($0): a\r\n" }.joined() + "\r\n",
        "GET /" + String(repeating: "a", count: 40_000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
    ])
    func whatIsNoRequestIsAnsweredWithTheEnvelope(bytes: String) async throws {
        try await TestServer.run { server in
            let answer = try await RawConnection.with(server.port) { connection in
                connection.send(bytes)
                let answer = try connection.response()
                #expect(try connection.readToEnd() == "")
                return answer
            }
            #expect(answer.status == 400)
            #expect(answer.code == "invalid_request")
            #expect(answer.header("connection") == "close")
            #expect(answer.header("x-request-id")?.hasPrefix("req_") == true)
            // Others are served as before.
            #expect(try await server.send("GET", "/api/notes/n1").status == 200)
        }
    }

    @Test func oddTargetsAreAnsweredNotCrashedOn() async throws {
        try await TestServer.run { server in
            let targets = ["*", "//", "/?", "/??", "/#", "/api/notes?&&&=&", "http://a", "http://a/api/notes/n1", "/api//notes", "/%"]
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
