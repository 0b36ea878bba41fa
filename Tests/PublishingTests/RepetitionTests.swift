import Contract
import Core
import Features
import Publishing
import Relational
import Testing

/// Posts that repeat: each occurrence schedules the next, once, at the series' own time.
@Suite(.serialized) struct RepetitionTests {
    private func create(
        _ world: PublishingWorld, at time: Instant, every unit: Recurrence.Unit, remaining: Int? = nil
    ) async throws -> Post {
        var repetition = RecurrenceInput()
        repetition.recurrence.every = unit
        repetition.recurrence.remaining = remaining
        var input = PostInput()
        input.brandID = world.organization.brandID
        input.caption = "It is that time again"
        input.platforms = [.mastodon]
        input.scheduledFor = .set(time)
        input.status = .scheduled
        input.recurrence = .set(repetition)
        return try await world.posts.create(input, for: world.caller)
    }

    private func list(_ world: PublishingWorld) async throws -> [Post] {
        try await world.posts.list(PostFilter(), for: world.caller, page: PageRequest(limit: 100)).items.reversed()
    }

    private func instant(_ text: String) throws -> Instant { try #require(Instant(iso8601: text)) }

    @Test func anOccurrenceThatFailedAndIsScheduledAgainDoesNotDoubleTheSeries() async throws {
        let world = try await PublishingWorld()
        let post = try await create(world, at: world.clock.now + .seconds(60), every: .week)
        try await world.arm("status", status: 422, on: .mastodon)
        try await world.drain(rounds: 1)
        #expect(try await world.posts.get(post.id, for: world.caller).status == .failed)
        var again = PostInput()
        again.status = .scheduled
        again.scheduledFor = .set(world.clock.now + .seconds(60))
        _ = try await world.posts.update(post.id, with: again, for: world.caller)
        try await world.drain(rounds: 1)
        let posts = try await list(world)
        #expect(posts.map(\.status) == [.published, .scheduled])
        #expect(posts.map { $0.recurrence == nil } == [true, false], "what repeats is the next one")
    }

    @Test func anOccurrenceThatIsPublishedEarlyKeepsTheSeries() async throws {
        let world = try await PublishingWorld()
        let time = world.clock.now + .seconds(3600)
        let post = try await create(world, at: time, every: .week, remaining: 3)
        _ = try await world.posts.publish(post.id, for: world.caller)
        try await world.drain(rounds: 1)
        let posts = try await list(world)
        #expect(posts.map(\.status) == [.published, .scheduled])
        #expect(posts.last?.scheduledFor == time + .seconds(7 * 86_400))
        #expect(posts.last?.recurrence?.remaining == 2)
    }

    @Test func whatPassedWhileNobodyPublishedIsNotMadeUp() async throws {
        let world = try await PublishingWorld()
        let time = world.clock.now + .seconds(60)
        _ = try await create(world, at: time, every: .day, remaining: 3)
        world.clock.set(time + .seconds(5 * 86_400 + 3600))
        try await world.drain(rounds: 1)
        let posts = try await list(world)
        #expect(posts.map(\.scheduledFor) == [time, time + .seconds(6 * 86_400)])
        #expect(posts.last?.recurrence?.remaining == 2)
    }

    @Test func theThirtyFirstStaysTheLastDayOfEachMonth() async throws {
        let world = try await PublishingWorld()
        _ = try await create(world, at: try instant("2026-03-31T09:00:00Z"), every: .month)
        try await world.drain(rounds: 3)
        let times = try await list(world).map { $0.scheduledFor?.description }
        #expect(
            times == ["2026-03-31T09:00:00Z", "2026-04-30T09:00:00Z", "2026-05-31T09:00:00Z", "2026-06-30T09:00:00Z"])
    }

    @Test func aTimeThatClocksSkipOnceIsKeptAfterwards() async throws {
        let world = try await PublishingWorld()
        try await world.engine.write { try $0.execute("UPDATE organization SET timezone = 'Europe/Berlin'") }
        _ = try await create(world, at: try instant("2026-03-28T02:30:00+01:00"), every: .day)
        try await world.drain(rounds: 2)
        let posts = try await list(world)
        #expect(posts.map { $0.scheduledFor?.description.suffix(9) }.last == "00:30:00Z")
    }

    @Test func aSeriesThatWasMovedGoesOnFromThere() async throws {
        let world = try await PublishingWorld()
        _ = try await create(world, at: try instant("2026-03-31T09:00:00Z"), every: .month)
        try await world.drain(rounds: 1)
        let next = try #require(try await list(world).last)
        var moved = PostInput()
        moved.scheduledFor = .set(try instant("2026-04-12T07:15:00Z"))
        _ = try await world.posts.update(next.id, with: moved, for: world.caller)
        try await world.drain(rounds: 1)
        #expect(try await list(world).last?.scheduledFor?.description == "2026-05-12T07:15:00Z")
    }
}
