import Contract
import Core
import Relational
import SQLiteEngine
import Synchronization
import Testing

@testable import Features

@Suite(.serialized) struct SnapshotTests {
    /// The steps of a series, in any zone and granularity, add up to the totals, and these to what the posts gained.
    @Test(arguments: [(1, "Asia/Kathmandu", Granularity.hour), (2, "America/New_York", .day), (3, "Pacific/Auckland", .week)])
    func seriesAddUp(seed: UInt64, timezone: String, granularity: Granularity) async throws {
        let world = try await AnalyticsWorld()
        var dice = SplitMix64(state: seed)
        let start = world.clock.now
        var published: [PublicationID] = []
        for platform in [Platform.instagram, .facebook, .mastodon, .instagram] {
            published.append(try await world.publish(platform).publication)
            world.clock.advance(by: .seconds(400))
        }
        for _ in 0..<25 {
            world.clock.advance(by: .seconds(Int64.random(in: 60...60_000, using: &dice)))
            let metrics = Metrics([
                (.likes, Int64.random(in: 0...500, using: &dice)), (.reach, Bool.random(using: &dice) ? nil : 1000),
                (.comments, Bool.random(using: &dice) ? nil : Int64.random(in: 0...90, using: &dice)),
            ])
            let id = published[Int.random(in: 0..<published.count, using: &dice)]
            let watch = try #require(try await world.watch(id))
            try await world.insights.record([.init(watch: watch, metrics: metrics)])
        }
        var expected = Metrics()
        for id in published { expected = expected.adding(try #require(try await world.watch(id)).metrics) }
        var filter = AnalyticsFilter()
        filter.from = start
        filter.to = world.clock.now + .seconds(1)
        filter.timezone = timezone
        filter.granularity = granularity
        let report = try await world.analytics.report(filter, for: world.caller)
        let sum = report.series.reduce(Metrics()) { $0.adding($1.metrics) }
        #expect(sum == report.totals.metrics)
        // Gains of a metric end where its newest known value is: nothing is counted twice, nothing is lost.
        #expect(sum == expected)
        let platforms = report.platforms.reduce(Metrics()) { $0.adding($1.metrics) }
        #expect(platforms == sum)
        #expect(report.totals.readings == 25)
        // Two periods that meet hold what the whole does.
        let middle = start + .seconds((world.clock.now - start).inMilliseconds / 2000)
        filter.to = middle
        let first = try await world.analytics.report(filter, for: world.caller)
        filter.from = middle
        filter.to = world.clock.now + .seconds(1)
        filter.comparison = .previous
        let second = try await world.analytics.report(filter, for: world.caller)
        #expect(first.totals.metrics.adding(second.totals.metrics) == sum)
        #expect(second.comparison?.period.upperBound == middle)
    }

    @Test func eventsAreCoalescedUnlessAskedFor() async throws {
        let world = try await AnalyticsWorld()
        let (post, id) = try await world.publish(.instagram)
        func read(_ likes: Int64, _ comments: Int64? = nil) async throws {
            let watch = try #require(try await world.watch(id))
            try await world.insights.record([.init(watch: watch, metrics: Metrics([(.likes, likes), (.comments, comments)]))])
        }
        func told() async throws -> [JSONValue] { try await world.events("analytics.updated") }
        try await read(1)
        #expect(try await told().count == 1)
        world.clock.advance(by: .seconds(600))
        try await read(1, 7)
        try await read(2, 7)
        #expect(try await told().count == 1)
        world.clock.advance(by: .seconds(300))
        // What was not told is told with the next reading, even if that one has nothing new.
        try await read(2, 7)
        var events = try await told()
        #expect(events.count == 2)
        #expect(events.last?["data"]?["changedMetrics"] == ["comments", "likes"])
        #expect(events.last?["data"]?["metrics"] == ["likes": 2, "comments": 7])
        #expect(events.last?["userId"] == nil)
        try await read(3, 7)
        var input = AnalyticsRefreshInput()
        input.postID = post
        let refresh = try await world.insights.refresh(input, for: world.caller)
        #expect(refresh.status == .queued)
        try await read(3, 7)
        events = try await told()
        #expect(events.count == 3)
        #expect(events.last?["userId"]?.string == world.organization.userID.rawValue)
        #expect(try await world.insights.refreshJob(refresh.id, for: world.caller).status == .succeeded)
        world.clock.advance(by: .seconds(3600))
        try await read(3, 7)
        #expect(try await told().count == 3)
        let seen = try await world.analytics.post(post, for: world.caller)
        let snapshots = try #require(seen.publications.first).snapshots
        let gained = snapshots.reduce(Metrics()) { $0.adding($1.gained) }
        #expect(snapshots.count == 7)
        #expect(gained[.likes] == 3)
    }

    @Test func aRequestDuringAReadingIsReadAgain() async throws {
        let world = try await AnalyticsWorld()
        let (post, id) = try await world.publish(.mastodon)
        let watch = try #require(try await world.watch(id))
        world.clock.advance(by: .seconds(5))
        var input = AnalyticsRefreshInput()
        input.postID = post
        _ = try await world.insights.refresh(input, for: world.caller)
        try await world.insights.record([.init(watch: watch, metrics: Metrics([(.likes, 1)]))])
        let now = try #require(try await world.watch(id))
        #expect(now.dueAt == world.clock.now)
        #expect(now.requestedAt != nil)
    }

    @Test func aPostIsReadAsThePlanSaysAndThenNoMore() async throws {
        let world = try await AnalyticsWorld()
        let (_, id) = try await world.publish(.facebook)
        let end = world.clock.now + .seconds(100 * 86_400)
        while let due = try #require(try await world.watch(id)).dueAt {
            try #require(due < end)
            world.clock.set(max(due, world.clock.now))
            try await world.readAll()
        }
        let watch = try #require(try await world.watch(id))
        #expect(watch.dueAt == nil)
        let count = try await world.engine.read { connection in
            try connection.first("SELECT count(*) FROM post_snapshot WHERE publication_id = \(id)") { $0.int(0) }
        }
        #expect(count == Int64(PollPlan.offsets.count))
        #expect(watch.metrics[.reach] ?? 0 > 100)
        #expect(watch.metrics[.videoViews] == nil)
    }

    @Test func aRefusedTokenParksTheAccountAndALimitSilencesIt() async throws {
        let world = try await AnalyticsWorld(reader: Refusing())
        let (_, id) = try await world.publish(.instagram)
        let watch = try #require(try await world.watch(id))
        let limited = InsightFailure(.later, "wait", retryAfter: .seconds(600))
        try await world.insights.record(.failed(limited), of: .post(watch))
        #expect(try #require(try await world.watch(id)).dueAt == world.clock.now + .seconds(600))
        try await world.engine.write { connection in
            try connection.execute("UPDATE post_watch SET due_at = \(world.clock.now)")
            try connection.execute("UPDATE account_watch SET due_at = NULL")
        }
        let none = try await world.insights.claim(limit: 10, lease: .seconds(90), reader: Refusing(), busy: [:])
        #expect(none.isEmpty)
        #expect(try #require(try await world.watch(id)).dueAt == world.clock.now + .seconds(600))
        try await world.insights.record(.failed(InsightFailure(.token, "no")), of: .post(watch))
        let account = try await world.accounts.find(world.account(.instagram), for: world.caller)
        #expect(account?.status == .needsReconnect)
        #expect(try await world.events("account.disconnected").count == 1)
    }

    @Test func othersSeeNothing() async throws {
        let world = try await AnalyticsWorld()
        let (post, id) = try await world.publish(.instagram)
        let watch = try #require(try await world.watch(id))
        try await world.insights.record([.init(watch: watch, metrics: Metrics([(.likes, 9)]))])
        let other = try await AnalyticsWorld.newOrganization("Rival", world.engine, world.ambient, world.accounts, world.keys)
        let rival = try await world.keys.authenticate(other.apiKey)
        var filter = AnalyticsFilter()
        filter.from = world.clock.now - .seconds(3600)
        filter.to = world.clock.now + .seconds(1)
        #expect(try await world.analytics.report(filter, for: world.caller).totals.metrics[.likes] == 9)
        filter.scope.postID = post
        let foreign = try await world.analytics.report(filter, for: rival)
        #expect(foreign.totals.metrics == Metrics())
        #expect(foreign.coverage.publications == 0)
        await #expect(throws: APIError.self) { _ = try await world.analytics.post(post, for: rival) }
        let account = world.account(.instagram)
        await #expect(throws: APIError.self) { _ = try await world.analytics.account(account, for: rival) }
        var input = AnalyticsRefreshInput()
        input.postID = post
        let question = input
        await #expect(throws: APIError.self) { _ = try await world.insights.refresh(question, for: rival) }
        #expect(try await ExportStore(engine: world.engine).end(for: rival) == nil)
        var elsewhere = world.caller
        elsewhere.brandIDs = [BrandID("another")]
        filter.scope.postID = nil
        #expect(try await world.analytics.report(filter, for: elsewhere).totals.metrics == Metrics())
        let limited = elsewhere
        await #expect(throws: APIError.self) { _ = try await world.analytics.post(post, for: limited) }
        await #expect(throws: APIError.self) { _ = try await world.analytics.account(account, for: limited) }
    }

    @Test func anExportGoesOnWhereTheLastOneEnded() async throws {
        let world = try await AnalyticsWorld()
        var ids: [PublicationID] = []
        for platform in [Platform.instagram, .mastodon] { ids.append(try await world.publish(platform).publication) }
        let store = ExportStore(engine: world.engine)
        var cursor: String?
        var seen: [Int64] = []
        for round in 0..<6 {
            // The clock is set back once: numbers and places still only grow.
            world.clock.advance(by: round == 3 ? .seconds(-7200) : .seconds(800))
            for id in ids {
                let watch = try #require(try await world.watch(id))
                try await world.insights.record([.init(watch: watch, metrics: Metrics([(.likes, Int64(round))]))])
            }
            var export = AnalyticsExport()
            export.cursor = cursor
            let end = try #require(try await store.end(for: world.caller))
            let range = try export.range(upTo: end)
            var place = range.start
            while true {
                let piece = try await store.piece(range, after: place, limit: 1, for: world.caller)
                guard let last = piece.last else { break }
                place = ExportPlace(last)
                seen += piece.map(\.sequence)
            }
            cursor = end.cursor.text
        }
        #expect(seen.sorted() == Array(1...12))
        #expect(seen.count == 12)
        var export = AnalyticsExport()
        export.cursor = "zz"
        let bad = export
        #expect(throws: APIError.self) { _ = try bad.range(upTo: nil) }
    }
}

/// A platform with a budget that refuses everything.
private struct Refusing: InsightReader {
    func read(_ task: InsightTask) async -> InsightReading { .failed(InsightFailure(.never, "no")) }
    func budget(of task: InsightTask) -> RequestBudget? { RequestBudget(requests: 10, per: .seconds(60)) }
    func cost(of task: InsightTask) -> Int64 { 1 }
}
