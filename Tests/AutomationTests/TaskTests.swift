import Contract
import Core
import Delivery
import Outbound
import Relational
import TestSupport
import Testing

@testable import Features

@Suite(.serialized) struct TaskTests {
    private func requests(_ client: Answering, _ world: AutomationWorld) -> AutomationRequests {
        AutomationRequests(client: client, userAgent: "test", ambient: world.ambient)
    }

    private let call: JSONValue = [
        ["type": "webhook_call", "url": "https://receiver.example/hook", "secret": "whsec_c2VjcmV0"]
    ]

    private func called(_ world: AutomationWorld) async throws -> Automation {
        let automation = try await world.automate(["type": "post.created"], call)
        try await world.post()
        try await world.drain()
        return automation
    }

    private func header(_ name: String, _ request: OutboundRequest?) -> String? {
        request?.headers.first { $0.name == name }?.value
    }

    @Test func aRequestIsSignedTriedAgainAndSettled() async throws {
        let world = try await AutomationWorld()
        let automation = try await called(world)
        let before = try await world.log(automation)
        #expect(before.map(\.status) == [.running] && before.first?.results.map(\.status) == [.pending])
        let client = Answering(500, 429, 204)
        for _ in 0..<3 {
            let next = try await world.runs.work(requests(client, world), nil)
            if let next { world.clock.set(max(next, world.clock.now)) }
        }
        let sent = client.sent
        #expect(sent.count == 3)
        let ids = Set(sent.map { header("webhook-id", $0) ?? "" })
        #expect(ids.count == 1)
        let last = try #require(sent.last)
        let signature = Signature.audenci(body: last.body, secret: Secret("whsec_c2VjcmV0"))
        #expect(header("X-Audenci-Signature", last) == signature)
        #expect(try JSONValue(parsing: last.body)["event"]?.string == "post.created")
        let run = try #require(try await world.log(automation).first)
        #expect(run.status == .succeeded && run.results.first?.attempts == 3 && run.finishedAt == world.clock.now)
        let idle = try await world.runs.work(requests(client, world), nil)
        #expect(idle == nil && client.sent.count == 3)
    }

    @Test func aRequestIsGivenUpAfterFiveAttempts() async throws {
        let world = try await AutomationWorld()
        let automation = try await called(world)
        let client = Answering(500)
        var rounds = 0
        while rounds < 20, let next = try await world.runs.work(requests(client, world), nil) {
            world.clock.set(max(next, world.clock.now))
            rounds += 1
        }
        let run = try #require(try await world.log(automation).first)
        #expect(client.sent.count == 5 && run.status == .failed && run.code == .actionFailed)
        #expect(run.reason?.contains("answered 500") == true && run.reason?.contains("tried 5 times") == true)
    }

    @Test(arguments: [(1, false), (1, true), (2, false), (2, true)])
    func aCrashAtAnyStepSendsItAgainUnderTheSameId(write: Int, isAfter: Bool) async throws {
        let world = try await AutomationWorld()
        let automation = try await called(world)
        let client = Answering(204)
        let dying = try await world.through(
            CrashingEngine(world.engine, killedAtWrite: write, isAfter ? .afterWrite : .beforeWrite))
        _ = try? await dying.runs.work(requests(client, world), nil)
        for _ in 0..<3 {
            if let next = try await world.runs.work(requests(client, world), nil) {
                world.clock.set(max(next, world.clock.now))
            }
        }
        let ids = client.sent.map { header("webhook-id", $0) ?? "" }
        #expect(Set(ids).count == 1)
        // Sent but not written down: that is the one case in which it is sent twice.
        #expect(ids.count == (write == 2 && !isAfter ? 2 : 1))
        let run = try await world.log(automation).first
        #expect(run?.status == .succeeded)
    }

    private let generate: JSONValue = [
        ["type": "generate_content", "prompt": "Praise {{data.title}}", "platforms": ["mastodon"], "tags": ["ai"]]
    ]

    @Test func aGeneratedCaptionBecomesADraft() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.created"], generate, conditions: ["data.title": "Hello"])
        try await world.post()
        try await world.drain()
        let generator = Generating(.again("The model is busy."), .done(summary: "2 credits.", product: "Hello is great"))
        for _ in 0..<2 {
            if let next = try await world.runs.work(requests(Answering(204), world), generator) { world.clock.set(next) }
        }
        let orders = generator.orders
        #expect(orders.map(\.prompt) == ["Praise Hello", "Praise Hello"] && Set(orders.map(\.id)).count == 1)
        let run = try #require(try await world.log(automation).first)
        let post = try await world.posts.get(PostID(run.results.first?.objectID ?? ""), for: world.caller)
        #expect(post.caption == "Hello is great" && post.tags == ["ai"] && post.status == .draft)
        #expect(run.status == .succeeded)
        try await world.drain()
        let depths = try await world.log(automation).map(\.depth)
        #expect(depths == [0, 1])
    }

    @Test func aCaptionThatMakesNoPostFailsTheRun() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.created"], generate)
        try await world.post()
        try await world.drain()
        let generator = Generating(.done(summary: "", product: String(repeating: "x", count: 501)))
        _ = try await world.runs.work(requests(Answering(204), world), generator)
        let run = try #require(try await world.log(automation).first)
        #expect(run.status == .failed && run.reason?.contains("makes no draft") == true)
    }

    @Test func withoutAGeneratorItsActionsAreRefused() async throws {
        let world = try await AutomationWorld(canGenerate: false)
        let error = await #expect(throws: APIError.self) { try await world.automate(["type": "post.created"], generate) }
        #expect(error?.details.map(\.field) == ["actions[0].type"])
    }

    @Test func aRehearsalDoesEverythingAndKeepsNothing() async throws {
        let world = try await AutomationWorld()
        let post = try await world.post()
        let actions: JSONValue = [
            ["type": "create_draft_post", "caption": "Again: {{data.title}}"], ["type": "add_tags", "tags": ["x"]],
            ["type": "send_email", "to": ["a@acme.test"], "subject": "{{data.title}}", "text": "x"],
            ["type": "send_notification", "title": "x"], ["type": "webhook_call", "url": "https://receiver.example/"],
        ]
        let automation = try await world.automate(["type": "post.created"], actions)
        let tables: [Query] = [
            "post", "event", "mail", "notification", "automation_task", "automation_run", "automation_cause",
        ]
        var before: [Int64] = []
        for table in tables { before.append(try await world.count(table)) }
        let rehearsal = try await world.runs.rehearse(automation.id, RehearsalInput(), for: world.caller)
        var after: [Int64] = []
        for table in tables { after.append(try await world.count(table)) }
        #expect(before == after)
        let tried = try #require(rehearsal.occasions.first)
        #expect(tried.results.map(\.status) == Array(repeating: .wouldDo, count: 5) && tried.code == nil)
        let kept = try await world.posts.get(post.id, for: world.caller)
        #expect(kept.tags.isEmpty && kept.version == 1)
        try await world.drain()
        let runs = try await world.log(automation)
        #expect(runs.isEmpty)
    }

    @Test func aRehearsalNamesWhatWouldFail() async throws {
        let world = try await AutomationWorld()
        try await world.post()
        let automation = try await world.automate(
            ["type": "post.created"],
            [
                ["type": "add_tags", "tags": ["x"]],
                ["type": "schedule_post", "caption": String(repeating: "x", count: 600).json, "delayMinutes": 5],
            ])
        let tried = try #require(
            try await world.runs.rehearse(automation.id, RehearsalInput(), for: world.caller).occasions.first)
        #expect(tried.code == .actionFailed && tried.results.map(\.status) == [.wouldDo, .failed])
        #expect(tried.results.last?.error?.contains("caption") == true)
    }
}

extension String {
    fileprivate var json: JSONValue { .string(self) }
}
