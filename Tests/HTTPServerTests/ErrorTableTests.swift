import Core
import Testing

@testable import HTTPServer

/// Each way to be refused, over a real socket: status, code, and the envelope's form.
@Suite(.serialized) struct ErrorTableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let method: String
        let target: String
        var key: String? = TestServer.writer
        var headers: [String] = []
        var body: String?
        let status: Int
        let code: String
        var field: String?

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "bad JSON", method: "POST", target: "/api/notes", body: "{\"text\":", status: 400, code: "invalid_json"),
        Case(
            name: "not an object", method: "POST", target: "/api/notes", body: "[1]", status: 400, code: "invalid_request",
            field: ""),
        Case(
            name: "wrong type", method: "POST", target: "/api/notes", body: "{\"text\":7}", status: 400,
            code: "invalid_request", field: "text"),
        Case(
            name: "missing field", method: "POST", target: "/api/notes", body: "{}", status: 400, code: "invalid_request",
            field: "text"),
        Case(
            name: "broken rule", method: "POST", target: "/api/notes", body: "{\"text\":\"\"}", status: 400,
            code: "invalid_request", field: "text"),
        Case(
            name: "unknown field", method: "POST", target: "/api/notes", body: "{\"text\":\"a\",\"txet\":1}", status: 400,
            code: "invalid_request", field: "txet"),
        Case(
            name: "no body", method: "POST", target: "/api/notes", body: "", status: 400, code: "invalid_request", field: ""),
        Case(
            name: "wrong media type", method: "POST", target: "/api/notes",
            headers: ["Transfer-Encoding: chunked", "Content-Type: text/csv"],
            body: nil, status: 415, code: "unsupported_media_type"),
        Case(
            name: "unknown filter", method: "GET", target: "/api/notes?stauts=x", status: 400, code: "invalid_request",
            field: "stauts"),
        Case(
            name: "query on none", method: "GET", target: "/api/notes/1?x=1", status: 400, code: "invalid_request", field: "x"),
        Case(
            name: "bad limit", method: "GET", target: "/api/notes?limit=101", status: 400, code: "invalid_request",
            field: "limit"),
        Case(
            name: "bad cursor", method: "GET", target: "/api/notes?cursor=zz", status: 400, code: "invalid_request",
            field: "cursor"),
        Case(
            name: "bad escape", method: "GET", target: "/api/notes?status=%zz", status: 400, code: "invalid_request",
            field: "status"),
        Case(
            name: "cut escape", method: "GET", target: "/api/notes?status=%4", status: 400, code: "invalid_request",
            field: "status"),
        Case(
            name: "escape not UTF-8", method: "GET", target: "/api/notes?status=%ff", status: 400, code: "invalid_request",
            field: "status"),
        Case(name: "bad escape in a name", method: "GET", target: "/api/notes?%zz=1", status: 400, code: "invalid_request"),
        Case(
            name: "bad escape in the path", method: "GET", target: "/api/notes/%zz", status: 400, code: "invalid_request",
            field: "id"),
        Case(name: "NUL in the path", method: "GET", target: "/api/notes/a%00b", status: 404, code: "not_found"),
        Case(name: "no number", method: "GET", target: "/api/notes/1/lines/x", status: 404, code: "not_found"),
        Case(
            name: "too many parameters", method: "GET",
            target: "/api/notes?" + (0...100).map { "a\($0)=1" }.joined(separator: "&"),
            status: 400, code: "invalid_request"),
        Case(
            name: "URL too long", method: "GET", target: "/api/notes?status=" + String(repeating: "a", count: 8200),
            status: 400, code: "invalid_request"),
        Case(
            name: "URL too long, unknown", method: "GET", target: "/x" + String(repeating: "a", count: 8200), status: 400,
            code: "invalid_request"),
        Case(name: "no key", method: "GET", target: "/api/notes", key: nil, status: 401, code: "unauthorized"),
        Case(
            name: "unknown key", method: "GET", target: "/api/notes", key: "sk_prod_nobody", status: 401, code: "unauthorized"),
        Case(
            name: "other scheme", method: "GET", target: "/api/notes", key: nil, headers: ["Authorization: Basic YTpi"],
            status: 401, code: "unauthorized"),
        Case(
            name: "empty key", method: "GET", target: "/api/notes", key: nil, headers: ["Authorization: Bearer "], status: 401,
            code: "unauthorized"),
        Case(
            name: "two keys", method: "GET", target: "/api/notes", headers: ["Authorization: Bearer \(TestServer.reader)"],
            status: 401, code: "unauthorized"),
        Case(
            name: "scope", method: "POST", target: "/api/notes", key: TestServer.reader, body: "{\"text\":\"a\"}", status: 403,
            code: "insufficient_scope"),
        Case(name: "admin scope", method: "DELETE", target: "/api/notes/1", status: 403, code: "insufficient_scope"),
        Case(name: "unknown path", method: "GET", target: "/api/nothing", status: 404, code: "not_found"),
        Case(name: "root", method: "GET", target: "/", status: 404, code: "not_found"),
        Case(name: "deeper path", method: "GET", target: "/api/notes/1/2/3/4", status: 404, code: "not_found"),
        Case(name: "wrong method", method: "PATCH", target: "/api/notes/1", status: 405, code: "method_not_allowed"),
        Case(name: "odd method", method: "PURGE", target: "/api/notes", status: 405, code: "method_not_allowed"),
        Case(
            name: "wrong method, plain", method: "POST", target: "/docs/errors", body: "x", status: 405,
            code: "method_not_allowed"),
        Case(
            name: "announced too large", method: "POST", target: "/api/notes",
            headers: ["Content-Length: 1048577", "Content-Type: application/json"], status: 413, code: "payload_too_large"),
        Case(name: "unforeseen", method: "GET", target: "/api/broken", status: 500, code: "internal_error"),
        Case(name: "busy", method: "GET", target: "/api/busy", status: 503, code: "unavailable"),
    ]

    @Test func everyRefusalHasItsStatusItsCodeAndTheEnvelope() async throws {
        try await TestServer.run { server in
            for refusal in Self.cases {
                let answer = try await RawConnection.with(server.port) { connection in
                    connection.send(
                        TestServer.request(
                            refusal.method, refusal.target, key: refusal.key, headers: refusal.headers, body: refusal.body))
                    if refusal.headers.contains("Transfer-Encoding: chunked") { connection.send("2\r\n{}\r\n0\r\n\r\n") }
                    return try connection.response()
                }
                let error = answer.json?["error"]
                #expect(answer.status == refusal.status, "\(refusal.name)")
                #expect(answer.code == refusal.code, "\(refusal.name)")
                #expect(error?["message"]?.string?.isEmpty == false, "\(refusal.name)")
                #expect(error?["docUrl"]?.string == "https://social.example.com/docs/errors/\(refusal.code)", "\(refusal.name)")
                #expect(error?["requestId"]?.string == answer.header("x-request-id"), "\(refusal.name)")
                #expect(error?["details"]?.array != nil, "\(refusal.name)")
                if let field = refusal.field { #expect(error?["details"]?[0]?["field"]?.string == field, "\(refusal.name)") }
                #expect(answer.header("content-type") == "application/json; charset=utf-8", "\(refusal.name)")
                #expect(answer.header("cache-control") == "no-store", "\(refusal.name)")
                #expect(answer.header("x-content-type-options") == "nosniff", "\(refusal.name)")
                #expect(answer.header("vary") == "Accept", "\(refusal.name)")
            }
        }
    }

    @Test func refusalsCarryTheHeadersThatGoWithThem() async throws {
        try await TestServer.run { server in
            let unauthorized = try await server.send("GET", "/api/notes", key: nil)
            #expect(unauthorized.header("www-authenticate") == "Bearer")
            #expect(unauthorized.header("x-ratelimit-limit") == nil)
            let scope = try await server.send("DELETE", "/api/notes/1")
            #expect(scope.header("www-authenticate")?.contains("scope=\"admin\"") == true)
            #expect(scope.json?["error"]?["message"]?.string?.contains("admin") == true)
            #expect(scope.header("x-ratelimit-remaining") != nil)
            let method = try await server.send("PUT", "/api/notes/1")
            #expect(method.header("allow") == "DELETE, GET, HEAD, OPTIONS")
            let busy = try await server.send("GET", "/api/busy")
            #expect(busy.header("retry-after") == "1")
            let options = try await server.send("OPTIONS", "/api/notes", key: nil)
            #expect(options.status == 204)
            #expect(options.header("allow") == "GET, HEAD, OPTIONS, POST")
        }
    }

    @Test func whoAsksForProblemsGetsProblems() async throws {
        try await TestServer.run { server in
            let answer = try await server.send(
                "POST", "/api/notes", headers: ["Accept: application/problem+json"], body: "{\"text\":7}")
            #expect(answer.status == 400)
            #expect(answer.header("content-type")?.hasPrefix("application/problem+json") == true)
            #expect(answer.header("vary") == "Accept")
            #expect(answer.json?["status"]?.int == 400)
            #expect(answer.json?["type"]?.string == "https://social.example.com/docs/errors/invalid_request")
            #expect(answer.json?["errors"]?[0]?["pointer"]?.string == "#/text")
        }
    }
}
