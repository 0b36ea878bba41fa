import Core
import Foundation
import Testing

/// The commands in the order in which nobody runs them on purpose. The rest is `Tests/EndToEnd/test_commands.py`.
@Suite(.serialized) struct CommandTests {
    @Test func aKillDuringTheFirstStartLeavesAFolderThatTheNextStartCanUse() async throws {
        var random = SeededRandom(7)
        let folder = FileManager.default.temporaryDirectory.path + "/audenci-first-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for _ in 0..<8 {
            let process = try RunningProcess(["serve", "--data", folder, "--port", "0"])
            try await Task.sleep(for: random.duration(5...250))
            try await process.stop(SIGKILL)
        }
        let process = try RunningProcess(["serve", "--data", folder, "--port", "0"])
        let port = try await process.number(after: "listens on http://127.0.0.1:")
        #expect(try await HTTPCall.send(port: port, "GET", "/readyz").status == 200)
        #expect(process.text.contains("/setup?token="))
        #expect(try await process.stop() == 0)
    }

    @Test func organizationsCanBeMadeAllAtOnceBesideTheServer() async throws {
        let server = try await TestedServer(["--log-level", "warning"])
        let made = try await withThrowingTaskGroup(of: TestedOrganization.self) { group in
            for number in 0..<6 { group.addTask { try await server.organization("Number \(number)") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(made.map(\.id)).count == 6)
        for organization in made {
            #expect(try await organization.all("/api/brands").map { $0["id"]?.string } == [organization.brand])
            let accounts = try await organization.all("/api/social/accounts").compactMap { $0["platform"]?.string }
            #expect(Set(accounts) == ["instagram", "facebook", "mastodon"])
        }
        #expect(try await server.stop() == 0)
    }

    @Test func aWorkerOfItsOwnPublishesWhatTheWebProcessTook() async throws {
        let web = try await TestedServer(["--role", "web", "--log-level", "warning"])
        let worker = try RunningProcess(["serve", "--role", "worker", "--data", web.folder, "--port", "0"])
        let organization = try await web.organization()
        let made = try await organization.call(
            "POST", "/api/posts",
            [
                "brandId": .string(organization.brand), "caption": "Two processes", "platforms": ["mastodon"],
                "status": "SCHEDULED", "scheduledFor": .string(fromNow(2)),
            ])
        #expect(made.status == 201, "\(made.text)")
        let id = made.json["id"]?.string ?? ""
        try await until(within: .seconds(20), "the post is published; the worker says: \(worker.text)") {
            try await organization.call("GET", "/api/posts/\(id)").json["status"]?.string == "PUBLISHED" ? true : nil
        }
        #expect(try await worker.stop() == 0)
        #expect(try await web.stop() == 0)
    }

    @Test func aStoppingSimulatorDoesNotWaitForAnAnswerThatHangs() async throws {
        let simulator = try RunningProcess(["simulator", "--port", "0"])
        let port = try await simulator.number(after: "listen on http://127.0.0.1:")
        let fault: JSONValue = ["platform": "mastodon", "step": "publish", "mode": "timeout_after_effect"]
        let armed = try await HTTPCall.send(port: port, "POST", "/__sim/faults", body: fault.bytes)
        #expect(armed.status == 201)
        async let hung = HTTPCall.send(
            port: port, "POST", "/mastodon/api/v1/statuses",
            headers: [("Authorization", "Bearer sandbox:me"), ("Content-Type", "application/x-www-form-urlencoded")],
            body: Array("status=Hello".utf8))
        try await until(within: .seconds(10), "the post is visible") {
            try await HTTPCall.send(port: port, "GET", "/__sim/ledger").text.contains("Hello") ? true : nil
        }
        #expect(try await simulator.stop(within: .seconds(10)) == 0)
        _ = try? await hung
    }
}
