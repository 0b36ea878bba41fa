import Core
import Testing

@testable import Generation

/// The seeded planner, tried with many requests.
@Suite struct OfflinePlannerTests {
    private let generator = OfflineGenerator()

    @Test(arguments: 0..<100 as Range<UInt64>) func whateverIsAskedThePlanFitsIt(_ seed: UInt64) async throws {
        var draw = Draw(seed: seed)
        let request = try draw.request()
        let plan = try await generator.plan(request)
        let check = try #require(PlanCheck(request))
        #expect(check.issues(of: plan.items) == [], "\(request)")
        #expect(plan.items.count == request.totalPosts)
        #expect(plan.items.map(\.scheduledFor) == plan.items.map(\.scheduledFor).sorted())
        #expect(plan.provider == "offline-template")
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func pillarsGetTheirShareToWithinOnePost(_ seed: UInt64) async throws {
        var draw = Draw(seed: seed &+ 9_000)
        let request = try draw.request()
        let plan = try await generator.plan(request)
        let sum = request.pillars.map(\.targetPercentage).reduce(0, +)
        guard sum > 0 else { return }
        for pillar in request.pillars {
            let exact = Double(request.totalPosts) * pillar.targetPercentage / sum
            let count = plan.items.count { $0.pillarID == pillar.id }
            #expect(abs(Double(count) - exact) < 1, "\(pillar.name): \(count) of \(exact)")
        }
    }

    @Test(arguments: 0..<40 as Range<UInt64>) func postsAreSpreadEvenly(_ seed: UInt64) async throws {
        var draw = Draw(seed: seed &+ 5_000)
        let request = try draw.request()
        let clock = try #require(LocalClock(request.timeZone))
        let days = try await generator.plan(request).items.map {
            Int(clock.local($0.scheduledFor).day.ordinal - request.from.ordinal)
        }
        let length = request.dayCount
        // Each post in its own window: no stretch of the range has more than its share and one at either end.
        for (index, day) in days.enumerated() {
            #expect(day >= index * length / request.totalPosts)
            #expect(day <= max(index * length / request.totalPosts, (index + 1) * length / request.totalPosts - 1))
        }
    }

    @Test func theSameSeedGivesTheSamePlanAndAnotherDoesNot() async throws {
        let request = try makeRequest()
        var other = request
        other.seed = 2
        let plan = try await generator.plan(request)
        #expect(try await generator.plan(request) == plan)
        #expect(try await generator.plan(other) != plan)
    }

    @Test func manyBannedWordsDoNotMakeALargePlanSlow() async throws {
        var request = try makeRequest(to: "2026-05-31", posts: 1_000)
        request.brand.bannedWords = (0..<200).map { "forbidden phrase \($0) \(String(repeating: "wörd", count: 12))" }
        request.brand.bannedWords += ["look", "comments"]
        request.brand.hashtagSets = (0..<20).map { set in (0..<30).map { "tag\(set)x\($0)" } }
        let begun = ContinuousClock.now
        let plan = try await OfflineGenerator().plan(request)
        let took = ContinuousClock.now - begun
        #expect(plan.items.count == 1_000)
        // Far more than it takes; far less than it took when every word was looked for by itself.
        #expect(took < .seconds(20), "\(took)")
    }

    @Test func postsAreAtTheBrandsBestTimes() async throws {
        var request = try makeRequest(posts: 12)
        request.bestTimes = BestTimes([
            .init(weekday: 2, hour: 8, weight: 5), .init(weekday: 4, hour: 19, weight: 4),
            .init(weekday: 6, hour: 11, weight: 3),
        ])
        let clock = try #require(LocalClock(request.timeZone))
        for item in try await generator.plan(request).items {
            let (day, minute) = clock.local(item.scheduledFor)
            #expect([8, 19, 11].contains(minute / 60), "\(day) \(minute)")
            if request.bestTimes.best(onWeekday: day.weekday) > 0 {
                #expect(request.bestTimes.weight(weekday: day.weekday, hour: minute / 60) > 0)
            }
        }
    }

    @Test func noCaptionIsUsedTwiceAndNoneHasFiguresOrQuotes() async throws {
        let request = try makeRequest(to: "2026-05-30", posts: 200)
        let captions = try await generator.plan(request).items.map(\.caption)
        #expect(Set(captions).count == captions.count)
        for caption in captions {
            #expect(!caption.contains { $0.isNumber || "€$£%\"“”{}".contains($0) }, "\(caption)")
        }
    }

    @Test func pillarsAlternate() async throws {
        let pillars = try await generator.plan(try makeRequest(posts: 40)).items.map(\.pillarID)
        #expect(zip(pillars, pillars.dropFirst()).allSatisfy { $0 != $1 })
    }

    @Test func aHolidayOfTheRangeBecomesATopicOnItsDay() async throws {
        var request = try makeRequest(posts: 20)
        request.holidays = [Holiday("03-08", "International Women's Day")]
        let clock = try #require(LocalClock(request.timeZone))
        let items = try await generator.plan(request).items.filter { $0.topic.contains("International Women's Day") }
        #expect(items.map { clock.local($0.scheduledFor).day.description } == ["2026-03-08"])
        #expect(items.first?.caption.contains("International Women's Day") == true)
    }

    @Test func holidaysStayTheSmallerPart() async throws {
        let request = try makeRequest(from: "2026-03-01", to: "2026-05-31", posts: 12)
        let names = request.holidays.map(\.name)
        let count = try await generator.plan(request).items.count { item in names.contains { item.topic.hasPrefix($0) } }
        #expect((1...3).contains(count))
    }

    @Test func kindsSuitTheirPlatforms() async throws {
        var request = try makeRequest(posts: 20, platforms: [.youtube, .x])
        request.platformCounts = [.youtube: 10, .x: 10]
        for item in try await generator.plan(request).items {
            #expect(item.platforms.count == 1)
            #expect(item.platforms.allSatisfy(item.contentType.fits), "\(item.contentType) on \(item.platforms)")
        }
    }

    @Test func nothingIsPlannedInThePast() async throws {
        var request = try makeRequest(to: "2026-03-08", posts: 14)
        request.notBefore = Instant(iso8601: "2026-03-04T15:00:00Z")
        let plan = try await generator.plan(request)
        #expect(plan.items.count == 14)
        #expect(plan.items.allSatisfy { $0.scheduledFor >= request.notBefore ?? $0.scheduledFor })
        request.notBefore = Instant(iso8601: "2026-03-09T15:00:00Z")
        #expect(await issue { () async throws(GenerationIssue) in try await generator.plan(request) }?.allowsFallback == false)
    }

    @Test func wrongRequestsAreRefusedWithEveryReason() async throws {
        var request = try makeRequest(to: "2026-03-05", zone: "Mars/Olympus", posts: 0)
        request.platforms = []
        guard
            case .invalidRequest(let reasons) = await issue({ () async throws(GenerationIssue) in
                try await generator.plan(request)
            })
        else { Issue.record("not refused"); return }
        #expect(reasons.count == 4)
        request = try makeRequest(posts: 5)
        request.typeCounts = [.video: 6]
        #expect(!request.issues.isEmpty)
        request.typeCounts = [.video: .max, .image: .max]
        #expect(!request.issues.isEmpty)
        request.typeCounts = [:]
        request.platformCounts = [.instagram: 2, .mastodon: 2]
        #expect(!request.issues.isEmpty)
        request.platformCounts = [.instagram: 5, .mastodon: 1]
        #expect(request.issues.isEmpty)
    }

    @Test func threeMonthsAreTheLongestRange() throws {
        #expect(try makeRequest(from: "2026-07-01", to: "2026-09-30").issues.isEmpty)
        #expect(try !makeRequest(from: "2026-07-01", to: "2026-10-01").issues.isEmpty)
        #expect(try makeRequest(from: "2026-07-01", to: "2026-07-07").issues.isEmpty)
        #expect(try !makeRequest(from: "2026-07-01", to: "2026-07-06").issues.isEmpty)
    }

    @Test func theLargestPlanWorks() async throws {
        let request = try makeRequest(to: "2026-03-08", posts: 1_000)
        let plan = try await generator.plan(request)
        #expect(try #require(PlanCheck(request)).issues(of: plan.items) == [])
    }

    @Test func plansKeepTheHourWhenClocksChange() async throws {
        var request = try makeRequest(from: "2026-03-23", to: "2026-04-05", posts: 14)
        request.bestTimes = BestTimes((1...7).map { .init(weekday: $0, hour: 2, weight: 1) })
        let clock = try #require(LocalClock(request.timeZone))
        let items = try await OfflineGenerator().plan(request).items
        #expect(items.count == 14)
        for item in items {
            let (day, minute) = clock.local(item.scheduledFor)
            // On the 29th there is no hour from 2 to 3.
            #expect(day.description == "2026-03-29" ? minute / 60 != 2 : minute / 60 == 2)
        }
    }

    @Test func nothingIsPlannedOutsideTheInstants() async throws {
        var request = try makeRequest(from: "2026-03-02", to: "2026-03-09", posts: 24)
        request.notBefore = Instant(iso8601: "2026-03-02T15:10:00Z")
        request.notAfter = Instant(iso8601: "2026-03-09T12:30:00Z")
        let plan = try await generator.plan(request)
        #expect(try #require(PlanCheck(request)).issues(of: plan.items) == [])
        #expect(plan.items.count == 24)
        let revised = try await generator.revise(plan, of: request, as: "move everything to evenings, no posts on weekends")
        #expect(try #require(PlanCheck(request)).issues(of: revised.proposal.items, checksTotals: false) == [])
    }
}
