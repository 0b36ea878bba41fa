import Core
import Foundation
import Testing

/// Every endpoint of the served document against rules that need more than one request. The rest of the matrix is
/// `Tests/EndToEnd/test_matrix.py`.
@Suite(.serialized) struct EndpointTests {
    private struct Operation {
        let method: String
        let path: String
        let declaration: JSONValue
        /// The document's own example.
        var body: JSONValue? { declaration["requestBody"]?["content"]?["application/json"]?["example"] }
        var target: String { path.replacing(#/\{\w+\}/#, with: "cmb2k7q0x4f8w1z6r9t3y5u7a") }
        func target(_ id: String) -> String { path.replacing(#/\{\w+\}/#, with: id) }
    }

    private func operations(_ server: TestedServer) async throws -> (list: [Operation], document: JSONValue) {
        let document = try await server.call("GET", "/api/openapi.json").json
        let list = (document["paths"]?.object ?? []).flatMap { path in
            (path.value.object ?? []).map { Operation(method: $0.key.uppercased(), path: path.key, declaration: $0.value) }
        }
        try #require(list.count >= 30)
        return (list, document)
    }

    private func isError(_ answer: Answer) -> Bool {
        let error = answer.json["error"]
        return error?["code"]?.string != nil && error?["message"]?.string != nil && error?["requestId"]?.string != nil
            && error?["docUrl"]?.string != nil
    }

    @Test func everyUndeclaredMethodIsRefusedWithExactlyTheDeclaredOnes() async throws {
        let server = try await TestedServer(["--log-level", "warning"])
        let organization = try await server.organization()
        let all = try await operations(server).list
        for (path, declared) in Dictionary(grouping: all, by: \.path) {
            let methods = Set(declared.map(\.method))
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] where !methods.contains(method) {
                let answer = try await organization.call(method, declared.first?.target ?? path)
                #expect(answer.status == 405 && isError(answer), "\(method) \(path): \(answer.status) \(answer.text)")
                let allowed = (answer.header("Allow") ?? "").split(separator: ",").map { String($0.trimmingPrefix(" ")) }
                #expect(Set(allowed).subtracting(["HEAD", "OPTIONS"]) == methods, "\(method) \(path)")
            }
        }
        #expect(try await server.stop() == 0)
    }

    @Test func overTheLimitEveryEndpointSaysWhenToComeBack() async throws {
        let server = try await TestedServer(["--log-level", "warning"])
        let organization = try await server.organization(requestsPerHour: 1)
        #expect(try await organization.call("GET", "/api/brands").status == 200)
        for operation in try await operations(server).list {
            let answer = try await organization.call(operation.method, operation.target, operation.body)
            let name = "\(operation.method) \(operation.path): \(answer.status) \(answer.headers)"
            #expect(answer.status == 429 && answer.errorCode == "rate_limited" && isError(answer), "\(name)")
            #expect(answer.header("X-RateLimit-Limit") == "1", "\(name)")
            #expect(answer.header("X-RateLimit-Remaining") == "0", "\(name)")
            let wait = try #require(answer.header("Retry-After").flatMap { Int($0) }, "\(name)")
            #expect((1...3600).contains(wait))
            let reset = try #require(answer.header("X-RateLimit-Reset").flatMap { Int($0) }, "\(name)")
            #expect(abs(Double(reset) - Date().timeIntervalSince1970 - Double(wait)) < 5)
        }
        try await server.stop()
    }

    @Test func nothingOfAnotherOrganizationCanBeSeenOrChanged() async throws {
        let server = try await TestedServer(["--log-level", "warning"])
        let mine = try await server.organization("Mine")
        let theirs = try await server.organization("Theirs")
        let body: JSONValue = [
            "brandId": .string(theirs.brand), "caption": "Theirs", "platforms": ["mastodon"], "status": "SCHEDULED",
            "scheduledFor": "2031-01-01T00:00:00Z",
        ]
        let post = try await theirs.call("POST", "/api/posts", body).json["id"]?.string
        let hook = try await theirs.call("POST", "/api/webhooks", ["url": "https://example.com/h", "events": ["*"]]).json
        _ = try await theirs.call("PUT", "/api/posts/\(post ?? "")", ["title": "T", "status": "CANCELLED"])
        let webhook = hook["id"]?.string ?? ""
        let deliveries = try await theirs.all("/api/webhooks/\(webhook)/deliveries")
        let keys = try await theirs.all("/api/keys")
        let events = try await theirs.all("/api/events")
        let bin = try await theirs.call("POST", "/api/bins", [:]).json["id"]?.string
        let replay = try await theirs.call(
            "POST", "/api/webhooks/\(webhook)/replay",
            ["since": .string(Instant(seconds: Ambient.live.now().seconds - 60).description)]
        ).json["id"]?.string
        let ids: [String: String?] = [
            "posts": post, "webhooks": webhook, "brands": theirs.brand, "keys": keys.first?["id"]?.string,
            "deliveries": deliveries.first?["id"]?.string, "social": theirs.account("mastodon"),
            "sandbox": theirs.account("mastodon"), "events": events.first?["id"]?.string,
            "hooks": webhook, "bins": bin, "webhook-replays": replay,
        ]
        let before = try await snapshot(theirs, webhook)
        for operation in try await operations(server).list where operation.path.contains("{") {
            let kind = String(operation.path.split(separator: "/").dropFirst().first ?? "")
            // Objects of other kinds are tried in Tests/EndToEnd/test_matrix.py.
            guard let id = ids[kind] ?? nil else { continue }
            let unknown = try await mine.call(operation.method, operation.target, operation.body)
            let foreign = try await mine.call(operation.method, operation.target(id), operation.body)
            #expect(foreign.status == unknown.status, "\(operation.method) \(operation.path): \(foreign.text)")
            #expect(foreign.json["error"]?["message"] == unknown.json["error"]?["message"])
            #expect(foreign.json["error"]?["details"] == unknown.json["error"]?["details"])
            #expect([404, 400].contains(foreign.status), "\(operation.method) \(operation.path): \(foreign.text)")
        }
        // References in a body, too.
        let foreignBrand = try await mine.call("POST", "/api/posts", body)
        #expect(foreignBrand.status == 400 && foreignBrand.fields == ["brandId"], "\(foreignBrand.text)")
        let foreignAccount = try await mine.call(
            "POST", "/api/posts",
            [
                "brandId": .string(mine.brand), "caption": "Mine", "platforms": ["mastodon"],
                "socialAccountIds": [.string(theirs.account("mastodon"))],
            ])
        #expect(foreignAccount.status == 400 && foreignAccount.fields == ["socialAccountIds"], "\(foreignAccount.text)")
        let after = try await snapshot(theirs, webhook)
        for (now, then) in zip(after, before) where now != then { Issue.record("\(then.text) is now \(now.text)") }
        #expect(after.count == before.count)
        try await server.stop()
    }

    /// What an organization sees of itself, without what moves by itself.
    private func snapshot(_ organization: TestedOrganization, _ webhook: String) async throws -> [JSONValue] {
        var all: [JSONValue] = []
        for path in ["/api/posts", "/api/brands"] { all += try await organization.all(path) }
        // Deliveries fail meanwhile, followers are counted, keys are used.
        for path in ["/api/webhooks", "/api/keys", "/api/social/accounts"] {
            for thing in try await organization.all(path) {
                all.append(.object(["id", "url", "events", "status", "name"].map { .init($0, thing[$0] ?? .null) }))
            }
        }
        return all + (try await organization.all("/api/webhooks/\(webhook)/deliveries").map { $0["id"] ?? .null })
    }

    @Test func noValueOfAnyFieldBreaksAnEndpoint() async throws {
        let server = try await TestedServer(["--log-level", "warning"])
        let organization = try await server.organization()
        let (list, document) = try await operations(server)
        let body: JSONValue = [
            "brandId": .string(organization.brand), "caption": "x", "platforms": ["mastodon"], "status": "SCHEDULED",
            "scheduledFor": "2031-01-01T00:00:00Z",
        ]
        let post = try await organization.call("POST", "/api/posts", body).json["id"]?.string ?? ""
        let made = try await organization.call("POST", "/api/webhooks", ["url": "https://example.com/h", "events": ["*"]])
        let ids = [
            "posts": post, "webhooks": made.json["id"]?.string ?? "", "brands": organization.brand,
            "social": organization.account("mastodon"), "sandbox": organization.account("mastodon"),
        ]
        var asked = 0
        for operation in list where operation.body != nil {
            let kind = String(operation.path.split(separator: "/").dropFirst().first ?? "")
            let reference = operation.declaration["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"]?.string
            let schema = document["components"]?["schemas"]?[reference?.split(separator: "/").last.map(String.init) ?? ""]
            for field in schema?["properties"]?.object ?? [] {
                for value in Self.hostileValues {
                    var members = (operation.body?.object ?? []).filter { $0.key != field.key }.map {
                        $0.key == "brandId" ? JSONValue.Member("brandId", .string(organization.brand)) : $0
                    }
                    members.append(.init(field.key, value))
                    let answer = try await organization.call(
                        operation.method, operation.target(ids[kind] ?? "x"), .object(members))
                    let what = "\(operation.method) \(operation.path) \(field.key)=\(value.text.prefix(80)): \(answer.status)"
                    #expect(answer.status < 500, "\(what) \(answer.text)")
                    if answer.status >= 400 { #expect(isError(answer), "\(what) \(answer.text)") }
                    asked += 1
                }
            }
        }
        #expect(asked > 1000)
        #expect(try await server.stop() == 0, "the server did not survive")
    }

    private static let hostileValues: [JSONValue] = [
        .null, true, 0, -1, 1.5, .int(.max), .int(.min), .double(1e308), "", " ", "\u{0}", "a\u{0}b",
        .string(String(repeating: "x", count: 100_000)), .string(String(repeating: "👩‍👩‍👧", count: 500)),
        "9999-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "2031-02-30T00:00:00Z", "292277026596-01-01T00:00:00Z", [], [[]],
        .object([]),
        ["a": 1], [.null], .array(Array(repeating: "instagram", count: 50)), "https://example.com:99999/",
        "https://[::ffff:127.0.0.1]/", "https://exa mple.com", ["99999999999999999999s"], ["-1s"], ["X-A": "b\r\nC: d"],
        ["": ""], ["schedule": ["1e9s"]],
    ]
}
