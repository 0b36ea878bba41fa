import Contract
import Core
import Hummingbird
import Synchronization
import Testing

@testable import HTTPServer

/// What works, over a real socket.
@Suite(.serialized) struct RequestTests {
    @Test func answersCarryBodyLengthAndRateLimit() async throws {
        try await TestServer.run(requestsPerHour: 500) { server in
            let answer = try await server.send("GET", "/api/notes/n%2F1%20+")
            #expect(answer.status == 200)
            #expect(answer.body == "{\"id\":\"n/1 +\",\"text\":\"note\"}")
            #expect(answer.header("content-type") == "application/json; charset=utf-8")
            #expect(answer.header("cache-control") == "no-store")
            #expect(answer.header("x-content-type-options") == "nosniff")
            #expect(answer.header("x-ratelimit-limit") == "500")
            #expect(answer.header("x-ratelimit-remaining") == "499")
            // The clock stands at 10:30:00Z.
            #expect(answer.header("x-ratelimit-reset") == "1770116400")
            #expect(answer.header("ratelimit-policy") == "\"hour\";q=500;w=3600")
            #expect(answer.header("ratelimit") == "\"hour\";r=499;t=1800")
            let requestID = try #require(answer.header("x-request-id"))
            #expect(requestID.wholeMatch(of: /req_[0-9a-z]{16}/) != nil)
            let next = try await server.send("GET", "/api/notes/n1")
            #expect(next.header("x-request-id") != requestID)
        }
    }

    @Test func queriesAreDecodedAndKeptInOrder() async throws {
        try await TestServer.run { server in
            let answer = try await server.send("GET", "/api/notes?status=a+b%2Bc%C3%A9&limit=5&&")
            #expect(answer.json?["text"]?.string == "status=a b+cé limit=5")
        }
        let pairs = try QueryString.parse("a=1&b&a=2&=x&c=d=e", limit: 10)
        #expect(pairs.map { "\($0.name):\($0.value)" } == ["a:1", "b:", "a:2", ":x", "c:d=e"])
    }

    @Test func creatingAnswers201WithLocation() async throws {
        try await TestServer.run { server in
            let answer = try await server.send("POST", "/api/notes", body: "{\"text\":\"héllo\"}")
            #expect(answer.status == 201)
            #expect(answer.header("location") == "/api/notes/n1")
            #expect(answer.json?["text"]?.string == "héllo")
            let accepted = try await server.send("POST", "/api/notes/n1/seal")
            #expect(accepted.status == 202)
        }
    }

    @Test func routesMayNameTheSamePlaceDifferently() async throws {
        try await TestServer.run { server in
            let line = try await server.send("GET", "/api/notes/n7/lines/12")
            #expect(line.json?["id"]?.string == "n7")
            #expect(line.json?["text"]?.string == "12")
        }
    }

    @Test func headAnswersAsGetWithoutBody() async throws {
        try await TestServer.run { server in
            let get = try await server.send("GET", "/api/notes/n1")
            let both = try await RawConnection.with(server.port) { connection in
                connection.send(TestServer.request("HEAD", "/api/notes/n1"))
                let head = try connection.response(toHead: true)
                // Had a body followed the head, this answer would not parse.
                connection.send(TestServer.request("HEAD", "/api/nothing"))
                return (head, try connection.response(toHead: true))
            }
            #expect(both.0.status == 200)
            #expect(both.0.header("content-length") == String(get.body.utf8.count))
            #expect(both.0.header("x-ratelimit-limit") == "10000")
            #expect(both.1.status == 404)
        }
    }

    @Test func aConnectionIsKeptAndPipelinedRequestsAreAnsweredInOrder() async throws {
        try await TestServer.run { server in
            let (answers, rest) = try await RawConnection.with(server.port) { connection in
                connection.send(
                    TestServer.request("GET", "/api/slow")
                        + TestServer.request("POST", "/api/notes", body: "{\"text\":\"second\"}")
                        + TestServer.request("GET", "/api/nothing") + TestServer.request("GET", "/api/notes/n4"))
                var answers = [try connection.response(), try connection.response(), try connection.response()]
                answers.append(try connection.response())
                connection.send(TestServer.request("GET", "/api/notes/n5", headers: ["Connection: close"]))
                answers.append(try connection.response())
                return (answers, try connection.readToEnd())
            }
            #expect(rest == "")
            #expect(answers.map(\.status) == [200, 201, 404, 200, 200])
            #expect(answers.map { $0.json?["id"]?.string } == ["slow", "n1", nil, "n4", "n5"])
        }
    }

    @Test func overTheLimitIs429UntilTheHourEnds() async throws {
        try await TestServer.run(requestsPerHour: 5) { server in
            for remaining in (0..<5).reversed() {
                let answer = try await server.send("GET", "/api/notes/n1", key: TestServer.reader)
                #expect(answer.status == 200)
                #expect(answer.header("x-ratelimit-remaining") == String(remaining))
            }
            let refused = try await server.send("GET", "/api/notes/n1")
            #expect(refused.status == 429)
            #expect(refused.code == "rate_limited")
            #expect(refused.header("retry-after") == "1800")
            #expect(refused.header("x-ratelimit-limit") == "5")
            #expect(refused.header("x-ratelimit-remaining") == "0")
            #expect(refused.header("x-ratelimit-reset") == "1770116400")
            #expect(refused.header("ratelimit") == "\"hour\";r=0;t=1800")
            server.clock.advance(by: .seconds(1800))
            let later = try await server.send("GET", "/api/notes/n1")
            #expect(later.status == 200)
            #expect(later.header("x-ratelimit-remaining") == "4")
        }
    }

    @Test func manyConnectionsTogetherPassExactlyTheLimit() async throws {
        try await TestServer.run(requestsPerHour: 500) { server in
            let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        try await RawConnection.with(server.port) { connection in
                            for _ in 0..<100 { connection.send(TestServer.request("GET", "/api/notes/n1")) }
                            return try (0..<100).map { _ in try connection.response().status }
                        }
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(statuses.count(where: { $0 == 200 }) == 500)
            #expect(statuses.count(where: { $0 == 429 }) == 500)
        }
    }

    @Test func requestsThatFailCountAndThoseWithoutAKeyDoNot() async throws {
        try await TestServer.run(requestsPerHour: 100) { server in
            _ = try await server.send("GET", "/api/notes", key: nil)
            _ = try await server.send("GET", "/api/nothing")
            _ = try await server.send("POST", "/api/notes", body: "{")
            let answer = try await server.send("GET", "/api/notes/n1")
            #expect(answer.header("x-ratelimit-remaining") == "98")
        }
    }

    @Test func errorPagesExplainEveryCode() async throws {
        try await TestServer.run { server in
            let index = try await server.send("GET", "/docs/errors", key: nil)
            #expect(index.status == 200)
            #expect(index.header("content-type") == "text/html; charset=utf-8")
            for code in ErrorCode.allCases {
                #expect(index.body.contains("/docs/errors/\(code.rawValue)"))
                let page = try await server.send("GET", "/docs/errors/\(code.rawValue)", key: nil)
                #expect(page.status == 200)
                #expect(page.body.contains("<h1>\(code.rawValue)</h1>"))
                #expect(!page.body.contains("<script"))
            }
            let unknown = try await server.send("GET", "/docs/errors/%3Cscript%3E", key: nil)
            #expect(unknown.status == 404)
        }
    }

    @Test func theDocumentIsSentOnce() async throws {
        try await TestServer.run { server in
            let first = try await server.send("GET", "/api/openapi.json", key: nil)
            #expect(first.status == 200)
            #expect(first.body == "{\"openapi\":\"3.1.0\"}")
            #expect(first.header("content-type") == "application/json")
            let tag = try #require(first.header("etag"))
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try await server.send("GET", "/api/openapi.json", key: nil, headers: ["If-None-Match: \(known)"])
                #expect(again.status == 304)
                #expect(again.header("etag") == tag)
                #expect(again.body.isEmpty)
            }
            let other = try await server.send("GET", "/api/openapi.json", key: nil, headers: ["If-None-Match: \"other\""])
            #expect(other.status == 200)
        }
    }

    @Test func plainRoutesNeedNoKeyAndPagesOfTheRouterGetEnvelopeAndRequestID() async throws {
        let seen = Mutex<[String]>([])
        let set = PlainRoute("POST", "/setup/{token}") { request in
            seen.withLock { $0.append("\(request.pathParameters[0].value) \(String(decoding: request.body, as: UTF8.self))") }
            return Reply(status: 200, headers: [("Content-Type", "text/plain")], body: Array("done".utf8))
        }
        try await TestServer.run(
            plainRoutes: [set],
            extend: { router in
                router.get("/page/{name}") { _, context in "page \(context.parameters.get("name") ?? "")" }
                router.get("/failing") { _, _ -> String in throw HTTPError(.conflict, message: "twice") }
            }
        ) { server in
            let plain = try await server.send("POST", "/setup/abc", key: nil, body: "name=Ada")
            #expect(plain.body == "done")
            #expect(plain.header("content-type") == "text/plain")
            #expect(plain.header("x-ratelimit-limit") == nil)
            let page = try await server.send("GET", "/page/one", key: nil)
            #expect(page.body == "page one")
            #expect(page.header("x-request-id")?.hasPrefix("req_") == true)
            let failing = try await server.send("GET", "/failing", key: nil)
            #expect(failing.status == 409)
            #expect(failing.code == "conflict")
        }
        #expect(seen.withLock { $0 } == ["abc name=Ada"])
    }
}
