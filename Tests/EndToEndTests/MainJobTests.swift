import Core
import Foundation
import Testing

/// The seed's own command, and what must not happen while a post is under way. The whole main job, verified by others'
/// libraries, is `Tests/EndToEnd/test_main_job.py`.
@Suite(.serialized) struct MainJobTests {
    @Test func theSeedsOwnCurlCreatesAPostThatIsPublished() async throws {
        let server = try await TestedServer(["--log-level", "warning"])
        let organization = try await server.organization()
        let script = """
            curl -sS -X POST http://127.0.0.1:\(await server.port)/api/posts \
            -H "Authorization: Bearer \(organization.key)" \
            -H "Content-Type: application/json" \
            -d '{
            "brandId": "\(organization.brand)",
            "caption": "Check out our new product!",
            "platforms": ["instagram", "facebook"],
            "scheduledFor": "\(fromNow(2))",
            "status": "SCHEDULED"
            }'
            """
        let curl = Process()
        let pipe = Pipe()
        curl.executableURL = URL(fileURLWithPath: "/bin/sh")
        curl.arguments = ["-c", script]
        curl.standardOutput = pipe
        try curl.run()
        let post = try JSONValue(parsing: Array(try #require(try pipe.fileHandleForReading.readToEnd())))
        let id = try #require(post["id"]?.string, "\(post.text)")
        #expect(post["status"]?.string == "SCHEDULED")
        let published = try await until(within: .seconds(20), "PUBLISHED") {
            let now = try await organization.call("GET", "/api/posts/\(id)").json
            return now["status"]?.string == "PUBLISHED" ? now : nil
        }
        for platform in ["instagram", "facebook"] {
            #expect(published["platformResults"]?[platform]?["success"]?.bool == true)
            let visible = try await organization.call("GET", "/api/sandbox/accounts/\(organization.account(platform))/posts")
            #expect(visible.json["data"]?.array?.compactMap { $0["text"]?.string } == ["Check out our new product!"])
        }
        try await server.stop()
    }

    /// Found by an end-to-end run: the post could be rescheduled, then edited, and then went out a second time.
    @Test func aPostThatIsBeingPublishedCannotBeTakenBackAndEdited() async throws {
        let simulator = try RunningProcess(["simulator", "--port", "0"])
        let port = try await simulator.number(after: "listen on http://127.0.0.1:")
        let server = try await TestedServer(
            ["--log-level", "warning"], environment: ["AUDENCI_OUTBOUND_ALLOW": "127.0.0.1:\(port)"])
        let organization = try await server.organization()
        let account = try await organization.call(
            "POST", "/api/social/accounts",
            [
                "brandId": .string(organization.brand), "platform": "facebook", "accessToken": "sandbox:page",
                "externalId": "page", "baseUrl": .string("http://127.0.0.1:\(port)/facebook"),
            ])
        #expect(account.status == 201, "\(account.text)")
        for (step, mode) in [("publish", "error_after_effect"), ("read", "status")] {
            let fault: JSONValue = ["platform": "facebook", "step": .string(step), "mode": .string(mode)]
            _ = try await HTTPCall.send(port: port, "POST", "/__sim/faults", body: fault.bytes)
        }
        let post = try await organization.call(
            "POST", "/api/posts",
            [
                "brandId": .string(organization.brand), "caption": "First words", "platforms": ["facebook"],
                "socialAccountIds": [account.json["id"] ?? .null], "status": "SCHEDULED",
                "scheduledFor": "2031-01-01T00:00:00Z",
            ])
        let path = "/api/posts/\(post.json["id"]?.string ?? "")"
        #expect(try await organization.call("POST", path + "/publish").status == 202)
        try await until(within: .seconds(10), "the request took effect") {
            try await HTTPCall.send(port: port, "GET", "/__sim/ledger").text.contains("First words") ? true : nil
        }
        for status in ["SCHEDULED", "DRAFT", "CANCELLED"] {
            let refused = try await organization.call("PUT", path, ["status": .string(status)])
            #expect(refused.errorCode == "invalid_transition", "\(refused.text)")
        }
        #expect(try await organization.call("PUT", path, ["caption": "Other words"]).status == 409)
        #expect(try await organization.call("DELETE", path).status == 409)
        try await until(within: .seconds(60), "PUBLISHED", every: .milliseconds(200)) {
            try await organization.call("GET", path).json["status"]?.string == "PUBLISHED" ? true : nil
        }
        let ledger = try await HTTPCall.send(port: port, "GET", "/__sim/ledger").json
        #expect(ledger["posts"]?.array?.compactMap { $0["text"]?.string } == ["First words"])
        try await server.stop()
        try await simulator.stop()
    }
}
