import Contract
import Core
import Testing

@testable import Features

/// What plans are made of, without a database.
@Suite struct PlanPartsTests {
    private func span(_ from: String, _ to: String, _ zone: String = "UTC") throws -> PlanSpan {
        func edge(_ text: String) throws -> PlanEdge {
            var issues: [FieldIssue] = []
            return try #require(PlanEdge.read(.string(text), at: "", issues: &issues))
        }
        return PlanSpan(from: try edge(from), to: try edge(to), clock: try #require(LocalClock(zone)))
    }

    @Test(arguments: [
        ("2026-03-01", "2026-03-07", 7), ("2026-03-01", "2026-05-31", 92), ("2026-03-01", "2026-06-01", 93),
        ("2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z", 7), ("2026-03-02T00:00:00Z", "2026-03-08T00:00:00Z", 7),
        ("2026-03-01T00:00:00Z", "2026-06-01T00:00:00Z", 92), ("2026-03-01T09:15:00Z", "2026-06-01T09:15:00Z", 92),
        ("2026-03-01T09:15:00Z", "2026-03-08T09:15:00Z", 8), ("2026-03-09", "2026-03-01", -7),
    ])
    func daysAreCountedAsPeopleMeanThem(_ from: String, _ to: String, _ days: Int) throws {
        #expect(try span(from, to).days == days)
    }

    @Test func instantsBoundTheirDays() throws {
        let span = try span("2026-03-01T22:00:00Z", "2026-03-20T03:00:00Z", "America/New_York")
        #expect(span.from.description == "2026-03-01")
        #expect(span.to.description == "2026-03-19")
        #expect(span.notBefore?.description == "2026-03-01T22:00:00Z")
        #expect(span.notAfter?.description == "2026-03-20T03:00:00Z")
    }

    @Test func sharesThatAreOpenDivideTheRest() {
        #expect(PlanOrder.shares([40, nil, nil]) == [40, 30, 30])
        #expect(PlanOrder.shares([60, 40, nil]) == [60, 40, 50])
        #expect(PlanOrder.shares([nil, nil]) == [50, 50])
        #expect(PlanOrder.shares([10, 20]) == [10, 20])
    }

    @Test(arguments: [
        (#"{"VIDEO":3,"image":2}"#, []), (#"{"BLOG":1}"#, ["c.BLOG"]), (#"{"VIDEO":-1}"#, ["c.VIDEO"]),
        (#"{"VIDEO":1.5}"#, ["c.VIDEO"]), (#"{"VIDEO":1,"video":2}"#, ["c.video"]), ("[1]", ["c"]),
    ])
    func countsNameWhatIsWrong(_ text: String, _ fields: [String]) throws {
        var issues: [FieldIssue] = []
        _ = PlanCounts<ContentType>.read(try JSONValue(parsing: text), at: "c", issues: &issues)
        #expect(issues.map(\.field) == fields)
    }

    @Test func everyCountIsJudged() {
        var wish = PlanWish.example
        wish.from = .instant(Instant(seconds: 1_772_355_600))
        wish.to = .instant(Instant(seconds: 1_773_565_200))
        let now = Instant(seconds: 1_772_355_600)
        let fields = { (wish: PlanWish) in wish.issues(now: now).map(\.field) }
        #expect(fields(wish) == [])
        wish.typeCounts = PlanCounts([(.video, 13)])
        #expect(fields(wish) == ["typeCounts"])
        wish.typeCounts = PlanCounts()
        wish.platformCounts = PlanCounts([(.instagram, 12), (.mastodon, 1)])
        #expect(fields(wish) == ["platformCounts.mastodon", "platformCounts.facebook"])
        wish.platformCounts = PlanCounts([(.instagram, 6), (.facebook, 5)])
        #expect(fields(wish) == ["platformCounts"])
        wish.platformCounts = PlanCounts()
        wish.platforms = []
        #expect(fields(wish) == ["platforms"])
        wish = .example
        #expect(fields(wish) == [])
        let past = Instant(seconds: 1_800_000_000)
        #expect(wish.issues(now: past).map(\.field) == ["dateTo"])
        wish.to = .day(CalendarDay(ordinal: 20_490))
        #expect(fields(wish) == ["dateTo"])
    }

    @Test func aWishReadsBackAsItWasWritten() throws {
        var wish = PlanWish.example
        wish.goals = PlanGoals(sentences: ["More visitors", "Fewer questions"])
        wish.platformCounts = PlanCounts([(.instagram, 6), (.facebook, 6)])
        wish.categoryIDs = [ID("c1")]
        var issues: [FieldIssue] = []
        let input = PlanWishInput.read(try JSONValue(parsing: wish.jsonBytes), at: "", issues: &issues)
        #expect(issues == [])
        #expect(PlanWish(stored: try #require(input))?.jsonBytes == wish.jsonBytes)
        #expect(PlanWish(stored: try #require(input))?.seed == wish.seed)
    }

    @Test func proposalsAreFoundAgainAfterARevision() {
        func post(_ name: String, at second: Int64, _ type: ContentType = .image) -> ProposedPost {
            ProposedPost(
                topic: name, caption: "\(name)!", platforms: [.mastodon], scheduledFor: Instant(seconds: second),
                contentType: type)
        }
        var before = ["a", "b", "c", "d"].enumerated().map { index, name in
            PlanItem(id: ID(name), content: post(name, at: Int64(index)))
        }
        for index in before.indices { before[index].status = .accepted }
        let revised = [post("d", at: 3), post("b", at: 9), post("other words", at: 0), post("new", at: 50)]
        let after = PlanMatching.items(revised, from: before) { ID("fresh") }
        #expect(after.map(\.id.rawValue) == ["d", "b", "a", "fresh"])
        #expect(after.map(\.status) == [.accepted, .proposed, .proposed, .proposed])
        #expect(after.map(\.content) == revised)
    }
}
