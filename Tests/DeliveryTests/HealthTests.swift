import Contract
import Core
import Features
import PayloadFormats
import Relational
import SQLiteEngine
import TestSupport
import Testing

@testable import Delivery

/// From the first failure to the alert, the disabling, the probe and the recovery: with a clock that is moved.
@Suite(.serialized) struct HealthTests {
    /// A webhook that fails, another that wants to hear of it, and a tester.
    private struct Scene {
        let world: DeliveryWorld
        let receiver: TestReceiver
        let failing: NewWebhook
        let listener: NewWebhook
        let tester: LiveWebhookTester

        init() async throws {
            world = try await DeliveryWorld()
            receiver = try await TestReceiver.start()
            failing = try await world.webhook(
                "\(receiver.baseURL)/failing", events: ["webhook.test"], schedule: [.seconds(86_400)])
            listener = try await world.webhook("\(receiver.baseURL)/listener", events: ["webhook.*"])
            let maker = world.maker(try world.client(receiver))
            tester = LiveWebhookTester(deliveries: world.deliveries, webhooks: world.webhooks, maker: maker)
            receiver.answer("/failing", with: .status(500))
        }

        /// One event, whose first attempt fails.
        func fail() async throws {
            try await world.emit()
            let share = [(webhook: failing.webhook.id, limit: 10)]
            let claimed = try await world.deliveries.claim(share, lease: .seconds(45))
            let opened = try await world.webhooks.opened(failing.webhook.id, in: world.organization.organizationID)
            for delivery in claimed {
                let body = try await world.deliveries.material(for: [delivery]).events[delivery.eventID]?.body ?? []
                try await tester.maker.make(
                    [delivery],
                    to: AttemptMaker.Target(
                        webhook: opened.webhook, secrets: opened.secrets,
                        events: [.init(eventID: "e", type: delivery.event, body: body, isTest: false, publicURL: "")]))
            }
        }

        func told(_ type: String) async throws -> [JSONValue] {
            try await world.engine.read { connection in
                try connection.query("SELECT body FROM event WHERE type = \(type) ORDER BY position") {
                    try JSONValue(parsing: $0.text(0))["data"] ?? .null
                }
            }
        }

        func webhook() async throws -> Webhook {
            try await world.webhooks.get(failing.webhook.id, in: world.organization.organizationID)
        }

        /// What the duty does.
        func check() async throws {
            for webhook in try await world.webhooks.judgeHealth(outbox: world.outbox) {
                let envelope = Envelope(
                    timestamp: world.clock.now, organizationID: webhook.organizationID, brandID: nil, userID: nil)
                _ = try await tester.test(
                    webhook, type: WebhookTest.type, body: envelope.bytes(of: WebhookTest(webhookID: webhook.id)), as: .probe)
            }
        }
    }

    @Test func eachThresholdIsToldOnceToThoseWhoWantToKnow() async throws {
        let scene = try await Scene()
        try await scene.fail()
        for hours in [1, 24, 72, 108] {
            scene.world.clock.set(Instant(seconds: 1_770_114_600 + Int64(hours) * 3600))
            for _ in 0..<3 { try await scene.check() }
        }
        #expect(try await scene.told("webhook.failing").compactMap { $0["hours"]?.int } == [1, 24, 72, 108])
        #expect(try await scene.world.log(of: scene.listener).map(\.event).filter { $0 == "webhook.failing" }.count == 4)
        #expect(try await scene.webhook().isEnabled)
    }

    @Test func unbrokenFailureDisablesAProbeFindsItBackAndWhatWasHeldIsSent() async throws {
        let scene = try await Scene()
        let start = scene.world.clock.now
        for number in 0..<12 {
            scene.world.clock.set(start + .seconds(number * 3 * 3600))
            try await scene.fail()
        }
        scene.world.clock.set(start + .seconds(120 * 3600))
        try await scene.check()
        var webhook = try await scene.webhook()
        #expect(!webhook.isEnabled)
        #expect(webhook.disabledReason?.hasPrefix("It has accepted nothing since") == true)
        #expect(try await scene.told("webhook.disabled").count == 1)
        try await scene.world.emit()
        #expect(try await scene.world.log(of: scene.failing).last?.state == .held)
        // The first probe fails, the second finds it back.
        scene.world.clock.advance(by: .seconds(3600))
        try await scene.check()
        #expect(try await !scene.webhook().isEnabled)
        scene.receiver.answer("/failing", with: .status(200))
        scene.world.clock.advance(by: .seconds(2 * 3600))
        try await scene.check()
        webhook = try await scene.webhook()
        #expect(webhook.isEnabled)
        #expect(webhook.health == nil)
        #expect(try await scene.told("webhook.recovered").first?["enabledAgain"] == true)
        #expect(try await scene.world.log(of: scene.failing).allSatisfy { $0.state != .held })
    }

    @Test(arguments: [true, false])
    func whatAPersonDisablesIsNotEnabledByAProbe(byChange: Bool) async throws {
        let scene = try await Scene()
        let start = scene.world.clock.now
        for number in 0..<12 {
            scene.world.clock.set(start + .seconds(number * 3 * 3600))
            try await scene.fail()
        }
        scene.world.clock.set(start + .seconds(120 * 3600))
        try await scene.check()
        #expect(try await scene.webhook().health?.probeAt != nil)
        let id = scene.failing.webhook.id
        if byChange {
            var change = WebhookInput()
            change.isEnabled = false
            _ = try await scene.world.webhooks.update(id, with: change, for: scene.world.caller)
        } else {
            _ = try await scene.world.webhooks.disable(id, for: scene.world.caller)
        }
        #expect(try await scene.webhook().health?.probeAt == nil)
        scene.receiver.answer("/failing", with: .status(200))
        scene.world.clock.advance(by: .seconds(48 * 3600))
        try await scene.check()
        #expect(try await !scene.webhook().isEnabled)
        #expect(try await scene.told("webhook.recovered").isEmpty)
    }

    @Test func aSingleOldFailureNeverDisables() async throws {
        let scene = try await Scene()
        try await scene.fail()
        scene.world.clock.advance(by: .seconds(400 * 3600))
        try await scene.check()
        #expect(try await scene.webhook().isEnabled)
    }

    @Test func anySuccessForgetsTheFailure() async throws {
        let scene = try await Scene()
        try await scene.fail()
        #expect(try await scene.webhook().health?.failures == 1)
        scene.receiver.answer("/failing", with: .status(200))
        try await scene.fail()
        #expect(try await scene.webhook().health == nil)
        #expect(try await scene.told("webhook.recovered").isEmpty)
    }

    @Test func goneDisablesAtOnceAndTells() async throws {
        let scene = try await Scene()
        scene.receiver.answer("/failing", with: .status(410))
        try await scene.fail()
        #expect(try await !scene.webhook().isEnabled)
        let told = try await scene.told("webhook.disabled")
        #expect(told.first?["reason"]?.string?.contains("410") == true)
        #expect(try await scene.world.log(of: scene.listener).contains { $0.event == "webhook.disabled" })
    }

    @Test func exhaustionIsToldOnceAnHourAndNeverAboutItself() async throws {
        let scene = try await Scene()
        var input = WebhookInput()
        var retry = RetryInput()
        retry.given = RetrySchedule(delays: [])
        input.retry = .set(retry)
        input.events = ["post.created"]
        _ = try await scene.world.webhooks.update(scene.failing.webhook.id, with: input, for: scene.world.caller)
        let maker = scene.tester.maker
        func exhaust() async throws {
            try await scene.world.emit(PostCreated(Post.example))
            let claimed = try await scene.world.deliveries.claim(
                [(webhook: scene.failing.webhook.id, limit: 10)], lease: .seconds(45))
            let opened = try await scene.world.webhooks.opened(
                scene.failing.webhook.id, in: scene.world.organization.organizationID)
            for delivery in claimed {
                try await maker.make(
                    [delivery],
                    to: AttemptMaker.Target(
                        webhook: opened.webhook, secrets: opened.secrets,
                        events: [.init(eventID: "e", type: "x", body: [], isTest: false, publicURL: "")]))
            }
        }
        for _ in 0..<3 { try await exhaust() }
        #expect(try await scene.told("webhook.delivery_exhausted").count == 1)
        scene.world.clock.advance(by: .seconds(3600))
        try await exhaust()
        #expect(try await scene.told("webhook.delivery_exhausted").count == 2)
    }

    @Test func aTestThatFailsSaysNothingAboutHealth() async throws {
        let scene = try await Scene()
        let webhook = try await scene.webhook()
        _ = try await scene.tester.test(webhook, type: "webhook.test", body: Array("{}".utf8), as: .test)
        #expect(try await scene.webhook().health == nil)
    }

    @Test func anOpenBreakerSpendsNoAttempt() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(500))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", schedule: [.seconds(86_400)])
        try await world.emit(count: 60)
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { ($0[.retrying] ?? 0) >= 10 }
            // Long enough for a second round, if there were one.
            for _ in 0..<20 { await world.deliveries.outbox.feed.wait(atMost: .milliseconds(5)) }
        }
        let states = try await world.states(of: webhook)
        let attempted = states[.retrying] ?? 0
        // Ten open it; those that were under way at that moment are finished.
        #expect((10...18).contains(attempted), "\(states)")
        #expect(receiver.requests.count == attempted)
        #expect(try await world.log(of: webhook).filter { $0.attempts == 0 }.count == 60 - attempted)
    }
}
