import Core
import TestSupport
import Testing

@testable import HTTPServer

/// What operators see: log lines and metrics.
@Suite(.serialized) struct ObservationTests {
    @Test func logsTellWhatHappenedAndNeverASecret() async throws {
        try await TestServer.run { server in
            let created = try await server.send(
                "POST", "/api/notes", headers: ["Cookie: session=hush"], body: "{\"text\":\"private words\"}")
            _ = try await server.send("GET", "/api/notes?status=hidden", key: TestServer.reader)
            _ = try await server.send("GET", "/api/notes", key: "sk_prod_unknownKeyText")
            _ = try await server.send("GET", "/api/nothing/secretPath")
            let broken = try await server.send("GET", "/api/broken")
            let lines = server.logs.text
            let all = lines.joined(separator: "\n")
            let secrets = [
                TestServer.reader, TestServer.writer, "unknownKeyText", "thisMustNeverBeLogged", "private words", "hidden",
                "hush",
                "secretPath", "Bearer",
            ]
            for secret in secrets { #expect(!all.contains(secret)) }
            // Apart from #require: Swift 6.3.1 may run a closure inside it in place of a later one of the same type.
            let logged = lines.first { $0.contains(created.header("x-request-id") ?? "-") }
            let line = try #require(logged)
            #expect(line.hasPrefix("info request "))
            for part in [
                "method=POST", "route=/api/notes", "status=201", "organizationId=o1", "keyId=k-writer",
                "bytes=\(created.body.utf8.count)",
            ] {
                #expect(line.contains(part))
            }
            #expect(line.contains("ms="))
            // The unforeseen is logged once, on one line, under the id that the caller was told, and not told to the caller.
            let failures = lines.filter { $0.hasPrefix("error ") }
            #expect(failures.count == 1)
            #expect(failures.first?.contains(broken.header("x-request-id") ?? "-") == true)
            #expect(failures.first?.contains("errorType=Unforeseen") == true)
            #expect(failures.first?.contains("\n") == false)
            #expect(!broken.body.contains("second line"))
        }
    }

    @Test func theAccessLogCanBeTurnedOff() async throws {
        try await TestServer.run(logsAccess: false) { server in
            _ = try await server.send("GET", "/api/notes")
            #expect(!server.logs.text.contains { $0.hasPrefix("info request ") })
        }
    }

    @Test func metricsCountByRouteAndClassOfStatus() async throws {
        try await TestServer.run { server in
            for id in 0..<3 { _ = try await server.send("GET", "/api/notes/\(id)") }
            _ = try await server.send("GET", "/api/notes/1?x=1")
            _ = try await server.send("GET", "/api/nothing/1")
            _ = try await server.send("GET", "/api/nothing/2")
            let note = try #require(server.metrics.snapshot.first { $0.template == "/api/notes/{id}" && $0.method == "GET" })
            #expect(note.statuses == [0, 3, 0, 1, 0])
            #expect(note.buckets.reduce(0, +) == 4)
            #expect(note.microseconds > 0)
            #expect(server.metrics.inFlight == 0)
            let text = server.metrics.prometheusText
            #expect(text.contains("audenci_http_requests_total{method=\"GET\",route=\"/api/notes/{id}\",status=\"2xx\"} 3\n"))
            #expect(text.contains("audenci_http_requests_total{method=\"*\",route=\"unmatched\",status=\"4xx\"} 2\n"))
            #expect(text.contains("_duration_seconds_bucket{method=\"GET\",route=\"/api/notes/{id}\",le=\"+Inf\"} 4\n"))
            #expect(text.contains("_duration_seconds_count{method=\"GET\",route=\"/api/notes/{id}\"} 4\n"))
            #expect(!text.contains("nothing"))
        }
    }

    @Test func textForTheLogHasNoSecretsAndNoLineBreaks() {
        #expect(
            LogText.safe("key sk_prod_abc123, secret whsec_AAAA+/=x")
                == "key sk_prod_•••, secret whsec_•••x".replacing("•••x", with: "•••"))
        #expect(LogText.safe("a\nb\u{1B}[31m") == "a b [31m")
        #expect(LogText.safe(String(repeating: "a", count: 5000)).utf8.count == 500)
    }

    @Test func requestIDsDoNotRepeat() {
        let ids = RequestIDs(.live)
        #expect(Set((0..<100_000).map { _ in ids.next() }).count == 100_000)
    }
}
