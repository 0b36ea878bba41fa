import Contract
import Core
import Relational
import SQLiteEngine
import Testing

@testable import Features

@Suite(.serialized) struct ReportTests {
    private static func filter(_ world: AnalyticsWorld) -> AnalyticsFilter {
        var filter = AnalyticsFilter()
        filter.from = world.clock.now - .seconds(86_400)
        filter.to = world.clock.now + .seconds(1)
        return filter
    }

    /// The list of accounts is cut at 200; sums are not.
    @Test func followersOfEveryAccountAreSummedUp() async throws {
        let world = try await AnalyticsWorld()
        let found = try await world.accounts.find(world.account(.mastodon), for: world.caller)
        let template = try #require(found)
        let now = world.clock.now
        try await world.engine.write { connection in
            for number in 0..<250 {
                var account = template
                account.id = world.ambient.newID()
                account.externalID = "many-\(number)"
                try world.accounts.insert(
                    account, tokens: AccountTokens(access: Secret("x"), issuedAt: now), on: connection)
                try connection.execute(
                    """
                    INSERT INTO account_snapshot (organization_id, social_account_id, captured_at, followers)
                    VALUES (\(account.organizationID), \(account.id), \(now - .seconds(90_000)), 10),
                        (\(account.organizationID), \(account.id), \(now), 12)
                    """)
            }
        }
        let report = try await world.analytics.report(Self.filter(world), for: world.caller)
        #expect(report.accounts.count == 200)
        #expect(report.totals.followers == 3000)
        #expect(report.totals.followersGained == 500)
    }

    @Test func aDeletedPostIsNoTopPost() async throws {
        let world = try await AnalyticsWorld()
        var posts: [PostID] = []
        for likes in [Int64(9), 5] {
            let (post, id) = try await world.publish(.instagram)
            let watch = try #require(try await world.watch(id))
            try await world.insights.record([.init(watch: watch, metrics: Metrics([(.likes, likes)]))])
            posts.append(post)
        }
        let gone = posts[0]
        _ = try await world.engine.write { connection in
            try connection.execute("UPDATE post SET deleted_at = \(world.clock.now) WHERE id = \(gone)")
        }
        let report = try await world.analytics.report(Self.filter(world), for: world.caller)
        #expect(report.topPosts.map(\.postID) == [posts[1]])
        // It stays on the platform, and what it gained stays in the sums.
        #expect(report.totals.metrics[.likes] == 14)
    }

    /// Mastodon knows no reach: a post's rate is of the followers there, as in the sums.
    @Test func aPostWithoutReachIsRatedByFollowers() async throws {
        let world = try await AnalyticsWorld()
        try await world.inject(["followerCount": 200], on: .mastodon)
        try await world.readAll()
        let (post, id) = try await world.publish(.mastodon)
        let watch = try #require(try await world.watch(id))
        try await world.insights.record([.init(watch: watch, metrics: Metrics([(.likes, 8), (.comments, 2)]))])
        let rate = try #require(try await world.analytics.post(post, for: world.caller).engagementRate)
        #expect(rate.base == .followers)
        #expect(rate.value == 0.05)
        let report = try await world.analytics.report(Self.filter(world), for: world.caller)
        #expect(report.topPosts.first?.engagementRate == rate)
    }

    /// October in Berlin has 31 days and one hour.
    @Test func aMonthInWhichClocksGoBackCanBeAskedForByTheHour() async throws {
        let world = try await AnalyticsWorld()
        var filter = AnalyticsFilter()
        filter.from = Instant(iso8601: "2026-10-01T00:00:00+02:00")
        filter.to = Instant(iso8601: "2026-11-01T00:00:00+01:00")
        filter.granularity = .hour
        filter.timezone = "Europe/Berlin"
        let report = try await world.analytics.report(filter, for: world.caller)
        #expect(report.series.count == 31 * 24 + 1)
        filter.to = filter.to.map { $0 + .seconds(1) }
        let long = filter
        await #expect(throws: APIError.self) { _ = try await world.analytics.report(long, for: world.caller) }
    }
}
