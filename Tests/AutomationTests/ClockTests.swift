import Contract
import Core
import Relational
import TestSupport
import Testing

@testable import Features

@Suite(.serialized) struct ClockTests {
    @Test func aScheduledAutomationRunsOnTimeAndOnce() async throws {
        let world = try await AutomationWorld()
        world.clock.set(Instant(iso8601: "2026-03-28T07:59:30Z") ?? world.clock.now)
        let nine: JSONValue = ["type": "schedule", "params": ["cron": "0 9 * * *", "timezone": "Europe/Berlin"]]
        let draft: JSONValue = [
            [
                "type": "create_draft_post", "caption": "Morning of {{clock.date}}", "platforms": ["mastodon"],
                "brandId": .string(world.organization.brandID.rawValue),
            ]
        ]
        let automation = try await world.automate(nine, draft)
        try await world.drain()
        let early = try await world.log(automation)
        #expect(early.isEmpty && automation.nextRunAt?.description == "2026-03-28T08:00:00Z")
        world.clock.advance(by: .seconds(30))
        try await world.drain()
        try await world.drain()
        let runs = try await world.log(automation)
        #expect(runs.map(\.status) == [.succeeded] && runs.first?.eventID == nil)
        let captions = try await world.posts.list(PostFilter(), for: world.caller, page: PageRequest()).items.map(\.caption)
        #expect(captions == ["Morning of 2026-03-28"])
        // Summer time begins in between.
        let next = try await world.automations.get(automation.id, for: world.caller).nextRunAt
        #expect(next?.description == "2026-03-29T07:00:00Z")
    }

    @Test func whatTheServerSleptThroughRunsOnce() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(
            ["type": "schedule", "params": ["cron": "*/5 * * * *"]], [["type": "send_notification", "title": "x"]])
        world.clock.advance(by: .seconds(86_400))
        try await world.drain()
        let runs = try await world.log(automation)
        #expect(runs.count == 1)
        let next = try #require(try await world.automations.get(automation.id, for: world.caller).nextRunAt)
        #expect(next > world.clock.now && next <= world.clock.now + .seconds(300))
    }

    @Test(arguments: [true, false])
    func aCrashNeitherLosesNorDoublesATick(isAfter: Bool) async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(
            ["type": "schedule", "params": ["cron": "0 * * * *"]], [["type": "send_notification", "title": "x"]])
        world.clock.advance(by: .seconds(3600))
        let dying = try await world.through(
            CrashingEngine(world.engine, killedAtWrite: 1, isAfter ? .afterWrite : .beforeWrite))
        await #expect(throws: CrashingEngine.Killed.self) { try await dying.drain() }
        try await world.drain()
        let runs = try await world.log(automation)
        let notified = try await world.count("notification")
        #expect(runs.map(\.status) == [.succeeded] && notified == 1)
    }

    @Test func aScheduledPostGoesWhereTheActionSays() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.created"], [["type": "schedule_post", "delayMinutes": 90]])
        let post = try await world.post()
        try await world.drain()
        let scheduled = try await world.posts.get(post.id, for: world.caller)
        let error = try await world.log(automation).last?.reason
        #expect(scheduled.status == .scheduled, "\(error ?? "")")
        #expect(scheduled.scheduledFor == world.clock.now + .seconds(5400))
    }

    @Test func oldRunsAreForgottenAndOpenOnesKept() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.created"], [["type": "send_notification", "title": "x"]])
        let calling = try await world.automate(
            ["type": "post.created"], [["type": "webhook_call", "url": "https://receiver.example/"]])
        try await world.post()
        try await world.drain()
        world.clock.advance(by: .seconds(31 * 86_400))
        try await world.post()
        try await world.drain()
        while try await world.runs.prune() {}
        let (ofFirst, ofCalling) = (try await world.log(automation), try await world.log(calling))
        #expect(ofFirst.count == 1 && ofCalling.count == 2)
    }
}
