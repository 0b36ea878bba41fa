import Core
import Foundation
import Testing

@testable import Features

@Suite struct PlanTests {
    private let start = Instant(seconds: 1_770_114_600)

    @Test func readingsThinOutAndEnd() throws {
        let hours = PollPlan.offsets.map { $0.inSeconds / 3600 }
        #expect(hours.prefix(4) == [0.25, 0.5, 0.75, 1])
        #expect(hours[4..<10] == [2, 3, 4, 5, 6, 7])
        #expect(hours[10..<18] == [13, 19, 25, 31, 37, 43, 49, 55])
        let days = hours[18...].map { $0 / 24 }
        let last = try #require(days.last)
        #expect(last <= 90)
        let daily = days.filter { $0 <= 30 }
        #expect(daily.count == 27)
        let weekly = days.filter { $0 > 30 }
        #expect(weekly.count == 8)
        #expect(PollPlan.next(publishedAt: start, after: start) == start + .seconds(900))
        #expect(PollPlan.next(publishedAt: start, after: start + .seconds(900)) == start + .seconds(1800))
        // After a day of standstill the plan goes on where it would be, not where it was.
        #expect(PollPlan.next(publishedAt: start, after: start + .seconds(86_400)) == start + .seconds(25 * 3600))
        #expect(PollPlan.next(publishedAt: start, after: start + .seconds(91 * 86_400)) == nil)
    }

    @Test func aWindowHoldsNoMoreThanItsRequests() {
        let budget = RequestBudget(requests: 5, per: .seconds(60))
        var usage: RequestBudget.Usage?
        for _ in 0..<2 {
            guard case .allowed(let next) = budget.take(2, of: usage, at: start) else { break }
            usage = next
        }
        #expect(budget.take(2, of: usage, at: start + .seconds(30)) == .wait(until: start + .seconds(60)))
        #expect(budget.take(1, of: usage, at: start + .seconds(30)) == .allowed(.init(windowStart: start, used: 5)))
        let later = start + .seconds(60)
        #expect(budget.take(2, of: usage, at: later) == .allowed(.init(windowStart: later, used: 2)))
        usage?.blockedUntil = start + .seconds(300)
        #expect(budget.take(1, of: usage, at: later) == .wait(until: start + .seconds(300)))
        // A clock that was set back does not lock the account out.
        let early = start - .seconds(3600)
        #expect(
            budget.take(1, of: .init(windowStart: start, used: 5), at: early) == .allowed(.init(windowStart: early, used: 1)))
    }

    @Test func thresholdsAreOneTwoFiveAndReachedOnce() {
        let standard = FollowerThresholds.standard
        #expect(standard.values.prefix(7) == [100, 200, 500, 1000, 2000, 5000, 10_000])
        #expect(standard.values.last == 5_000_000_000)
        #expect(standard.crossed(by: 1003, highest: nil).isEmpty)
        #expect(standard.crossed(by: 1003, highest: 999) == [1000])
        #expect(standard.crossed(by: 1000, highest: 999) == [1000])
        #expect(standard.crossed(by: 1003, highest: 1000).isEmpty)
        #expect(standard.crossed(by: 1003, highest: 0) == [100, 200, 500, 1000])
    }

    @Test func nullIsNotZero() {
        let first = Metrics([(.likes, 5), (.reach, nil)])
        let second = Metrics([(.likes, nil), (.reach, 0)])
        let gained = second.gained(since: first)
        #expect(gained[.likes] == nil)
        #expect(gained[.reach] == 0)
        #expect(second.filled(from: first)[.likes] == 5)
        #expect(second.changed(since: first) == [.reach])
        #expect(Metrics([(.likes, 3)]).gained(since: first)[.likes] == -2)
        #expect(Metrics().interactions == nil)
        #expect(Metrics([(.likes, 0)]).interactions == 0)
    }

    @Test func aRateNamesItsBaseAndAveragesNoRates() throws {
        let instagram = EngagementRate.Part(metrics: Metrics([(.reach, 1000), (.likes, 50)]), followers: 10)
        let large = EngagementRate.Part(metrics: Metrics([(.reach, 9000), (.likes, 90)]), followers: nil)
        let mastodon = EngagementRate.Part(metrics: Metrics([(.likes, 800)]), followers: 2000)
        let rate = try #require(EngagementRate([instagram, large, mastodon]))
        #expect(rate.base == .reach)
        #expect(rate.value == 0.014)
        let followers = try #require(EngagementRate([mastodon]))
        #expect(followers.base == .followers)
        #expect(followers.value == 0.4)
        #expect(EngagementRate([EngagementRate.Part(metrics: Metrics([(.likes, 1)]), followers: nil)]) == nil)
    }

    @Test func stepsBeginWhereTheZonesDaysDo() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
        // Clocks are put forward on 29 March 2026: that day has 23 hours.
        let from = try #require(Instant(iso8601: "2026-03-27T23:00:00Z"))
        let to = try #require(Instant(iso8601: "2026-03-30T22:00:00Z"))
        let days = SeriesBuckets(from..<to, by: .day, in: zone)
        let starts = days.starts.map(\.description)
        #expect(starts == ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"])
        let late = try #require(Instant(iso8601: "2026-03-29T21:59:59Z"))
        #expect(days.index(of: late) == 1)
        #expect(days.index(of: from - .seconds(1)) == nil)
        let kathmandu = try #require(TimeZone(identifier: "Asia/Kathmandu"))
        let odd = SeriesBuckets(from..<to, by: .hour, in: kathmandu)
        let isAligned = odd.starts.allSatisfy { $0.milliseconds % PostSnapshot.quarterLength == 0 }
        #expect(isAligned)
        let weeks = SeriesBuckets(from..<to, by: .week, in: zone)
        #expect(weeks.starts.map(\.description) == ["2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z"])
    }

    @Test func fewPostsAreAnsweredWithGeneralAdvice() {
        let account = SocialAccountID("c1")
        let nine = start - .seconds(start.seconds % 86_400) + .seconds(9 * 3600)
        func sample(_ days: Int64, _ rate: Double, hours: Int64 = 0) -> BestTimes.Sample {
            .init(
                post: PostID("\(days) \(hours)"), account: account,
                publishedAt: nine - .seconds(days * 86_400) + .seconds(hours * 3600), rate: rate)
        }
        let few = BestTimes([sample(1, 0.1)], now: start, zone: .gmt, timezone: "UTC")
        #expect(few.basis == .general)
        #expect(few.buckets.count == 168)
        var samples = (0..<28).map { sample($0, 0.02, hours: 3) }
        samples += (0..<4).map { sample($0 * 7, 0.2) }
        let own = BestTimes(samples, now: start, zone: .gmt, timezone: "UTC")
        #expect(own.basis == .own)
        let best = own.buckets.max { $0.score < $1.score }
        #expect(best?.hour == 9)
        #expect(best?.posts == 4)
        // One lucky post is pulled to the ordinary.
        let lucky = BestTimes(samples + [sample(3, 5, hours: 7)], now: start, zone: .gmt, timezone: "UTC")
        let hour = lucky.buckets.first { $0.hour == 16 && $0.posts == 1 }
        #expect((hour?.score ?? 9) < 2)
    }

    /// Ten posts on two accounts are ten posts; and twenty that nobody did anything with say nothing about hours.
    @Test func bestTimesCountPostsThatTellSomething() {
        func samples(_ count: Int, on accounts: [String], _ rate: Double) -> [BestTimes.Sample] {
            accounts.flatMap { account in
                (0..<count).map { number in
                    .init(
                        post: PostID("p\(number)"), account: SocialAccountID(account),
                        publishedAt: start - .seconds(Int64(number) * 86_400), rate: rate)
                }
            }
        }
        let both = BestTimes(samples(10, on: ["c1", "c2"], 0.1), now: start, zone: .gmt, timezone: "UTC")
        #expect(both.posts == 10)
        #expect(both.basis == .general)
        let counted = both.buckets.reduce(0) { $0 + $1.posts }
        #expect(counted == 10)
        let silent = BestTimes(samples(25, on: ["c1"], 0), now: start, zone: .gmt, timezone: "UTC")
        #expect(silent.basis == .general)
        #expect(silent.posts == 0)
        let most = silent.buckets.max { $0.score < $1.score }
        #expect((most?.score ?? 0) > 1)
    }
}
