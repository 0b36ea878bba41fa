import Contract
import Core
import Platforms
import Relational
import SQLiteEngine
import Testing

@testable import Features

@Suite(.serialized) struct RefreshTests {
    private static func ask(_ post: PostID, in world: AnalyticsWorld) async throws -> AnalyticsRefresh {
        var input = AnalyticsRefreshInput()
        input.postID = post
        return try await world.insights.refresh(input, for: world.caller)
    }

    private static func claim(in world: AnalyticsWorld) async throws -> [InsightTask] {
        try await world.insights.claim(limit: 32, lease: InsightStore.lease, reader: world.reader, busy: [:])
    }

    private static func status(_ refresh: AnalyticsRefresh, in world: AnalyticsWorld) async throws -> AnalyticsRefresh.Status {
        try await world.insights.refreshJob(refresh.id, for: world.caller).status
    }

    /// A second request for the same post takes nothing from the first: each ends with a reading of its own time.
    @Test func everyRefreshWaitsForItsReading() async throws {
        let world = try await AnalyticsWorld()
        try await world.readAll()
        let (post, _) = try await world.publish(.mastodon)
        let first = try await Self.ask(post, in: world)
        let tasks = try await Self.claim(in: world)
        #expect(tasks.count == 1)
        world.clock.advance(by: .seconds(1))
        let second = try await Self.ask(post, in: world)
        #expect(try await Self.status(first, in: world) == .queued)
        // The reading that was under way answers the first; the second asked later.
        for task in tasks { try await world.insights.record(await world.reader.read(task), of: task) }
        #expect(try await Self.status(first, in: world) == .succeeded)
        #expect(try await Self.status(second, in: world) == .queued)
        try await world.readAll()
        #expect(try await Self.status(second, in: world) == .succeeded)
    }

    @Test func bothFailWhenTheOneReadingFails() async throws {
        let world = try await AnalyticsWorld()
        try await world.readAll()
        let (post, _) = try await world.publish(.mastodon)
        let refreshes = [try await Self.ask(post, in: world), try await Self.ask(post, in: world)]
        // What somebody injects makes the same reading due, and is no refresh.
        try await world.inject(["metrics": ["likes": 5]], on: .mastodon)
        for refresh in refreshes { #expect(try await Self.status(refresh, in: world) == .queued) }
        let task = try #require(try await Self.claim(in: world).first)
        try await world.insights.record(.failed(InsightFailure(.never, "no")), of: task)
        for refresh in refreshes { #expect(try await Self.status(refresh, in: world) == .failed) }
    }

    @Test func aFailureFromBeforeTheRequestIsNotItsOwn() async throws {
        let world = try await AnalyticsWorld()
        try await world.readAll()
        let (post, id) = try await world.publish(.mastodon)
        world.clock.advance(by: .seconds(900))
        let old = try #require(try await Self.claim(in: world).first)
        let refresh = try await Self.ask(post, in: world)
        try await world.insights.record(.failed(InsightFailure(.later, "no")), of: old)
        #expect(try await Self.status(refresh, in: world) == .queued)
        #expect(try #require(try await world.watch(id)).dueAt == world.clock.now)
        try await world.readAll()
        #expect(try await Self.status(refresh, in: world) == .succeeded)
    }

    /// A request while the plan's reading is under way costs one more reading, not three.
    @Test func aRequestDuringAReadingCostsOneMore() async throws {
        let world = try await AnalyticsWorld()
        try await world.readAll()
        let (post, id) = try await world.publish(.mastodon)
        world.clock.advance(by: .seconds(900))
        let planned = try await Self.claim(in: world)
        _ = try await Self.ask(post, in: world)
        let asked = try await Self.claim(in: world)
        #expect(planned.count == 1)
        #expect(asked.count == 1)
        for task in planned { try await world.insights.record(await world.reader.read(task), of: task) }
        let more = try await Self.claim(in: world)
        for task in asked + more { try await world.insights.record(await world.reader.read(task), of: task) }
        try await world.readAll()
        let count = try await world.engine.read { connection in
            try connection.first("SELECT count(*) FROM post_snapshot WHERE publication_id = \(id)") { $0.int(0) }
        }
        #expect(count == 2)
        #expect(try #require(try await world.watch(id)).dueAt == world.clock.now + .seconds(900))
    }
}
