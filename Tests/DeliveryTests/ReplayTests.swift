import Contract
import Core
import Features
import Relational
import SQLiteEngine
import Testing

@testable import Delivery

@Suite(.serialized) struct ReplayTests {
    private let day = Duration.seconds(86_400)

    private func store(_ world: DeliveryWorld) -> ReplayStore {
        ReplayStore(
            engine: world.engine, ambient: world.ambient, webhooks: world.webhooks, outbox: world.outbox,
            retention: .seconds(90 * 86_400))
    }

    private func settle(_ world: DeliveryWorld, as state: String) async throws {
        _ = try await world.engine.write { connection in
            try connection.execute("UPDATE delivery SET state = \(state), wake_at = NULL, attempts = 1, auto_attempts = 1")
        }
    }

    private func input(
        _ selections: [Replay.Selection], since: Instant, rate: Int = 1000, dryRun: Bool = false
    ) -> ReplayInput {
        var input = ReplayInput()
        input.selections = selections
        input.since = since
        input.ratePerSecond = rate
        input.isDryRun = dryRun
        return input
    }

    /// Advances until it is done; returns how many steps that took.
    private func finish(_ store: ReplayStore, _ replay: Replay, in world: DeliveryWorld) async throws -> Int {
        var steps = 0
        while try await store.get(replay.id, for: world.caller).state == .running {
            _ = try await store.advance()
            world.clock.advance(by: .seconds(1))
            steps += 1
            if steps > 100 { break }
        }
        return steps
    }

    @Test func everyFailureOfTheWindowIsSentAgainExactlyOnceAndNothingElse() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit(count: 3)
        try await settle(world, as: "failed")
        world.clock.advance(by: .seconds(100))
        let since = world.clock.now
        for _ in 0..<3 { try await world.emit(count: 3350) }
        try await settle(world, as: "failed")
        try await world.emit(count: 5)
        world.clock.advance(by: .seconds(1))
        let store = store(world)
        let dry = try await store.start(input([.failed], since: since, dryRun: true), for: webhook.webhook.id, by: world.caller)
        #expect(dry.total == 10_050)
        #expect(try await world.states(of: webhook)[.failed] == 10_053)
        let replay = try await store.start(
            input([.failed], since: since, rate: 1000), for: webhook.webhook.id, by: world.caller)
        #expect(try await finish(store, replay, in: world) == 11)
        let done = try await store.get(replay.id, for: world.caller)
        #expect(done.sent == 10_050)
        #expect(done.state == .completed)
        #expect(try await world.states(of: webhook) == [.failed: 3, .pending: 10_055])
        let revived = try await world.deliveries.claim([(webhook: webhook.webhook.id, limit: 20_000)], lease: .seconds(45))
        #expect(revived.filter { $0.trigger == .replay }.count == 10_050)
        #expect(Set(revived.map(\.id)).count == revived.count)
        #expect(revived.filter { $0.trigger == .replay }.allSatisfy { $0.autoAttempts == 0 && $0.attempts == 1 })
    }

    @Test func sinceLaterThanTheEventSendsNothing() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit()
        try await settle(world, as: "failed")
        world.clock.advance(by: .seconds(10))
        let since = world.clock.now - .seconds(5)
        let dry = try await store(world).start(
            input([.failed], since: since, dryRun: true), for: webhook.webhook.id, by: world.caller)
        #expect(dry.total == 0)
    }

    @Test func aWebhookThatIsNewerThanTheEventsGetsThemAsMissed() async throws {
        let world = try await DeliveryWorld()
        let since = world.clock.now
        try await world.emit(count: 4)
        try await world.emit(PostCreated(Post.example))
        world.clock.advance(by: .seconds(1))
        let webhook = try await world.webhook(events: ["webhook.test"])
        let store = store(world)
        let replay = try await store.start(input([.missed], since: since), for: webhook.webhook.id, by: world.caller)
        #expect(replay.total == 4)
        _ = try await finish(store, replay, in: world)
        #expect(try await world.log(of: webhook).map(\.sequence) == [1, 2, 3, 4])
        // Doing it again finds nothing that was missed.
        let again = try await store.start(
            input([.missed], since: since, dryRun: true), for: webhook.webhook.id, by: world.caller)
        #expect(again.total == 0)
    }

    @Test func paceIsKeptAndItCanBePausedResumedAndCancelled() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        let since = world.clock.now
        try await world.emit(count: 50)
        try await settle(world, as: "failed")
        world.clock.advance(by: .seconds(1))
        let store = store(world)
        let id = try await store.start(input([.failed], since: since, rate: 10), for: webhook.webhook.id, by: world.caller).id
        func sent() async throws -> Int64 { try await store.get(id, for: world.caller).sent }
        _ = try await store.advance()
        _ = try await store.advance()
        #expect(try await sent() == 10)
        world.clock.advance(by: .seconds(1))
        _ = try await store.advance()
        #expect(try await sent() == 20)
        _ = try await store.steer(id, to: .paused, for: world.caller)
        world.clock.advance(by: .seconds(10))
        _ = try await store.advance()
        #expect(try await sent() == 20)
        _ = try await store.steer(id, to: .running, for: world.caller)
        world.clock.advance(by: .seconds(1))
        _ = try await store.advance()
        #expect(try await sent() == 30)
        #expect(try await store.steer(id, to: .cancelled, for: world.caller).state == .cancelled)
        await #expect(throws: APIError.self) { try await store.steer(id, to: .running, for: world.caller) }
        #expect(try await world.states(of: webhook) == [.failed: 20, .pending: 30])
    }

    @Test func whatCannotBeReplayedIsRefusedWithItsReason() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook(enabled: false)
        let store = store(world)
        func refusal(_ input: ReplayInput) async -> APIError? {
            do {
                _ = try await store.start(input, for: webhook.webhook.id, by: world.caller)
                return nil
            } catch { return error as? APIError }
        }
        let now = world.clock.now
        #expect(await refusal(input([.failed], since: now + .seconds(1)))?.details.first?.field == "since")
        #expect(await refusal(input([.failed], since: now - .seconds(91 * 86_400)))?.details.first?.field == "since")
        #expect(await refusal(input([.failed], since: now - .seconds(10)))?.code == .conflict)
        var unknown = input([.failed], since: now - .seconds(10), dryRun: true)
        unknown.events = ["post.exploded"]
        #expect(await refusal(unknown)?.details.first?.field == "events")
    }

    @Test func inAnOrderedWebhookAReplayKeepsTheOrder() async throws {
        let world = try await DeliveryWorld()
        var strict = WebhookInput()
        strict.ordering = .strict
        let webhook = try await world.webhooks.create(
            strict, url: "https://receiver.example/h", events: ["webhook.test"], for: world.caller)
        let since = world.clock.now
        try await world.emit(count: 5)
        try await settle(world, as: "failed")
        world.clock.advance(by: .seconds(1))
        let store = store(world)
        let replay = try await store.start(input([.failed], since: since), for: webhook.webhook.id, by: world.caller)
        _ = try await finish(store, replay, in: world)
        let claimed = try await world.deliveries.claim([(webhook: webhook.webhook.id, limit: 50)], lease: .seconds(45))
        #expect(claimed.map(\.sequence) == [1])
    }

    @Test func whatIsOldIsPrunedInSmallStepsAndWhatIsOpenStays() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit(count: 600)
        try await settle(world, as: "succeeded")
        try await world.emit(count: 2)
        world.clock.advance(by: day * 91)
        try await world.emit(count: 3)
        let store = RetentionStore(engine: world.engine, ambient: world.ambient, limits: RetentionLimits())
        #expect(try await store.prune())
        #expect(try await world.states(of: webhook) == [.succeeded: 100, .pending: 5])
        while try await store.prune() {}
        #expect(try await world.states(of: webhook) == [.pending: 5])
        let events = try await world.engine.read { connection in
            try connection.first("SELECT count(*) FROM event WHERE type = 'webhook.test'") { $0.int(0) }
        }
        #expect(events == 5)
    }

    @Test func whatIsHeldForTooLongIsCancelled() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook(enabled: false)
        try await world.emit(count: 2)
        world.clock.advance(by: day * 7 + .seconds(1))
        try await world.emit()
        let store = RetentionStore(engine: world.engine, ambient: world.ambient, limits: RetentionLimits())
        _ = try await store.prune()
        #expect(try await world.states(of: webhook) == [.cancelled: 2, .held: 1])
    }
}
