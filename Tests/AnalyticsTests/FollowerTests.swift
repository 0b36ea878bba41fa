import Contract
import Core
import Features
import Relational
import SQLiteEngine
import Testing

@Suite(.serialized) struct FollowerTests {
    /// Whatever a count does, whatever is asked twice, wherever the process dies: each threshold between the first count and
    /// the highest is told once.
    @Test(arguments: [1, 2, 3, 4, 5, 6])
    func noWobbleTellsAMilestoneTwice(seed: UInt64) async throws {
        var world = try await AnalyticsWorld()
        var dice = SplitMix64(state: seed)
        let first = Int64.random(in: 0...1500, using: &dice)
        try await world.inject(["followerCount": 0], on: .mastodon)
        try await world.readAll()
        try await world.inject(["followerCount": .int(first)], on: .mastodon)
        try await world.readAll()
        var count = first
        var highest = first
        for step in 0..<60 {
            count = max(0, count + Int64.random(in: -400...450, using: &dice))
            highest = max(highest, count)
            world.clock.advance(by: .seconds(Int64.random(in: 0...90_000, using: &dice)))
            try await world.inject(["followerCount": .int(count)], on: .mastodon)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0:
                // Dies between claiming and recording, and comes back after its lease.
                _ = try await world.insights.claim(limit: 32, lease: InsightStore.lease, reader: world.reader, busy: [:])
                world = try await world.reopened()
                world.clock.advance(by: .seconds(91))
                try await world.readAll()
            case 1:
                // Two workers read the same.
                let tasks = try await world.insights.claim(limit: 32, lease: .zero, reader: world.reader, busy: [:])
                for task in tasks + tasks { try await world.insights.record(await world.reader.read(task), of: task) }
                try await world.readAll()
            default: try await world.readAll()
            }
            if step == 30 { world = try await world.reopened() }
        }
        let events = try await world.events("follower.milestone")
        let told = events.compactMap { $0["data"]?["milestone"]?.int }
        let expected = FollowerThresholds.standard.values.filter { $0 <= highest }
        #expect(told.sorted() == expected)
        #expect(Set(told).count == told.count)
        await world.engine.close()
    }

    @Test func whatAnAccountBringsAlongIsNotTold() async throws {
        let world = try await AnalyticsWorld()
        try await world.sandbox.setState(
            platform: .instagram, name: InjectedNumbers.followers(of: world.externalID(.instagram)), value: "12345")
        try await world.readAll()
        #expect(try await world.events("follower.milestone").isEmpty)
        try await world.inject(["followerCount": 20_001], on: .instagram)
        try await world.readAll()
        let event = try #require(try await world.events("follower.milestone").first)
        #expect(event.object?.map(\.key) == ["event", "timestamp", "data", "organizationId", "brandId", "userId"])
        #expect(event["data"]?["milestone"]?.int == 20_000)
        #expect(event["data"]?["followerCount"]?.int == 20_001)
        #expect(event["data"]?["socialAccountId"]?.string == world.account(.instagram).rawValue)
    }

    @Test func thresholdsCanBeChosenAndNeverReachBack() async throws {
        let world = try await AnalyticsWorld()
        var input = AnalyticsSettingsInput()
        input.thresholds = .set([700, 50])
        _ = try await world.analytics.update(input, for: world.caller)
        try await world.inject(["followerCount": 650], on: .facebook)
        try await world.readAll()
        var told = try await world.events("follower.milestone").compactMap { $0["data"]?["milestone"]?.int }
        #expect(told == [50])
        input.thresholds = .set([600, 700, 800])
        _ = try await world.analytics.update(input, for: world.caller)
        try await world.inject(["followerCount": 900], on: .facebook)
        try await world.readAll()
        told = try await world.events("follower.milestone").compactMap { $0["data"]?["milestone"]?.int }
        #expect(told == [50, 700, 800])
        let seen = try await world.analytics.account(world.account(.facebook), for: world.caller)
        #expect(seen.milestones.map(\.threshold) == [800, 700, 50])
        #expect(seen.watch.counts.followers == 900)
    }

    @Test func accountsAreReadOnceADay() async throws {
        let world = try await AnalyticsWorld()
        try await world.readAll()
        for _ in 0..<3 {
            world.clock.advance(by: .seconds(86_400))
            try await world.readAll()
        }
        let seen = try await world.analytics.account(world.account(.mastodon), for: world.caller)
        #expect(seen.snapshots.count == 4)
        #expect(seen.watch.dueAt == world.clock.now + .seconds(86_400))
    }
}
