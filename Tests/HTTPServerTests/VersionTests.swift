import Contract
import Core
import Testing

@testable import HTTPServer

/// Dated versions of the API, over a real socket. ``Notes/history`` has two of them.
@Suite(.serialized) struct VersionTests {
    @Test func aKeysVersionAnswersUntilAnotherIsAskedFor() async throws {
        try await TestServer.run { server in
            let pinned = try await server.send("POST", "/api/say", body: "{\"body\":\"old\"}")
            #expect(pinned.header("audenci-version") == "2026-11-01")
            #expect(pinned.body == "{\"id\":\"n1\",\"body\":\"old\"}")
            let asked = try await server.send(
                "POST", "/api/say", headers: ["Audenci-Version: 2027-02-01"], body: "{\"text\":\"new\"}")
            #expect(asked.header("audenci-version") == "2027-02-01")
            #expect(asked.body == "{\"id\":\"n1\",\"text\":\"new\"}")
            let mixed = try await server.send(
                "POST", "/api/say", headers: ["Audenci-Version: 2027-02-01"], body: "{\"body\":\"old\"}")
            #expect(mixed.status == 400)
        }
    }

    @Test func otherOperationsAndErrorsAreTheSameInEveryVersion() async throws {
        try await TestServer.run { server in
            let note = try await server.send("GET", "/api/notes/n1")
            #expect(note.body == "{\"id\":\"n1\",\"text\":\"note\"}")
            let malformed = try await server.send("POST", "/api/say", body: "{\"body\":")
            #expect(malformed.code == "invalid_json")
        }
    }

    @Test func anUnknownVersionIsRefusedAndTheKnownOnesAreNamed() async throws {
        try await TestServer.run { server in
            for version in ["2026-11-02", "latest", ""] {
                let answer = try await server.send("GET", "/api/notes/n1", headers: ["Audenci-Version: \(version)"])
                #expect(answer.status == 400)
                let message = answer.json?["error"]?["message"]?.string ?? ""
                #expect(message.contains("2026-11-01, 2027-02-01"))
            }
        }
    }
}

/// Cursors of lists, over a real socket.
@Suite(.serialized) struct CursorTests {
    @Test func pagesGoForwardsAndBackwards() async throws {
        try await TestServer.run { server in
            var target = "/api/pages?limit=2"
            var seen: [[String]] = []
            var lastBack: String?
            while true {
                let page = try await server.send("GET", target)
                seen.append(page.json?["data"]?.array?.compactMap { $0["id"]?.string } ?? [])
                lastBack = page.json?["pagination"]?["prevCursor"]?.string
                guard let next = page.json?["pagination"]?["nextCursor"]?.string else { break }
                #expect(page.header("link")?.contains("cursor=\(next)>; rel=\"next\"") ?? false)
                target = "/api/pages?limit=2&cursor=\(next)"
            }
            #expect(seen == [["1", "2"], ["3", "4"], ["5"]])
            let back = try await server.send("GET", "/api/pages?limit=2&cursor=\(try #require(lastBack))")
            #expect(back.json?["data"]?.array?.compactMap { $0["id"]?.string } == ["3", "4"])
            #expect(back.header("link")?.contains("rel=\"prev\"") ?? false)
        }
    }

    @Test func aCursorOfAnotherListOrFilterIsRefused() async throws {
        try await TestServer.run { server in
            let first = try await server.send("GET", "/api/pages?limit=2&status=a")
            let cursor = try #require(first.json?["pagination"]?["nextCursor"]?.string)
            let same = try await server.send("GET", "/api/pages?status=a&limit=3&cursor=\(cursor)")
            #expect(same.status == 200)
            for target in ["/api/pages?status=b", "/api/pages?limit=2", "/api/notes?status=a"] {
                let other = try await server.send("GET", "\(target)&cursor=\(cursor)")
                #expect(other.status == 400)
                #expect(other.json?["error"]?["details"]?[0]?["field"]?.string == "cursor")
            }
        }
    }
}
