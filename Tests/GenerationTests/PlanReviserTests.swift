import Core
import Testing

@testable import Generation

/// Instructions in words, without a model.
@Suite struct PlanReviserTests {
    private func revise(_ instruction: String, _ request: PlanRequest) async throws -> (PlanProposal, PlanRevision) {
        let generator = OfflineGenerator()
        let plan = try await generator.plan(request)
        let revision = try await generator.revise(plan, of: request, as: instruction)
        let issues = try #require(PlanCheck(request)).issues(of: revision.proposal.items, checksTotals: false)
        #expect(issues == [], "\(instruction)")
        return (plan, revision)
    }

    @Test(arguments: ["no posts on weekends", "Skip weekends.", "Please, weekdays only", "only on weekdays"])
    func weekendsAreCleared(_ instruction: String) async throws {
        let request = try makeRequest(posts: 28)
        let clock = try #require(LocalClock(request.timeZone))
        let (plan, revision) = try await revise(instruction, request)
        #expect(revision.proposal.items.count == plan.items.count)
        #expect(revision.proposal.items.allSatisfy { !clock.local($0.scheduledFor).day.isWeekend })
        #expect(plan.items.contains { clock.local($0.scheduledFor).day.isWeekend })
    }

    @Test func severalDaysAreClearedAtOnce() async throws {
        let request = try makeRequest(posts: 28)
        let clock = try #require(LocalClock(request.timeZone))
        let (_, revision) = try await revise("no posts on mondays and tuesdays, no posts on weekends", request)
        #expect(revision.notUnderstood.isEmpty)
        #expect(revision.proposal.items.allSatisfy { (3...5).contains(clock.local($0.scheduledFor).day.weekday) })
    }

    @Test(arguments: [
        ("move everything to mornings", 7...11), ("post in the evening", 18...21), ("at 9am", 9...9),
        ("move all posts to 18:30", 18...19),
    ])
    func postsMoveWithinTheirDay(_ instruction: String, _ hours: ClosedRange<Int>) async throws {
        let request = try makeRequest(posts: 28)
        let clock = try #require(LocalClock(request.timeZone))
        let (plan, revision) = try await revise(instruction, request)
        #expect(revision.notUnderstood.isEmpty)
        #expect(revision.proposal.items.allSatisfy { hours.contains(clock.local($0.scheduledFor).minuteOfDay / 60) })
        let days = { (items: [PlanItem]) in items.map { clock.local($0.scheduledFor).day } }
        #expect(days(plan.items) == days(revision.proposal.items))
    }

    @Test func whatIsMovedToAndFroTakesNoTimeToSpeakOf() async throws {
        // Two hundred changes of a thousand posts in one sentence: this kept a core busy for minutes.
        let request = try makeRequest(to: "2026-05-31", posts: 1_000)
        let words = (0..<100).map { _ in "mornings, evenings" }.joined(separator: ", ")
        let begun = ContinuousClock.now
        let (_, revision) = try await revise(words, request)
        let took = ContinuousClock.now - begun
        #expect(revision.applied.count == 20)
        #expect(revision.notUnderstood == ["Only the first 20 of 200 changes are made at once: say the others afterwards."])
        #expect(took < .seconds(20))
        #expect(Set(revision.proposal.items.map(\.scheduledFor)).count == 1_000)
    }

    @Test func moreVideoMeansAFifthMore() async throws {
        let (plan, revision) = try await revise("more video", try makeRequest(posts: 20))
        let count = { (items: [PlanItem]) in items.count { $0.contentType == .video } }
        #expect(count(revision.proposal.items) == count(plan.items) + 4)
    }

    @Test func aRemovedPillarsPostsGoToTheOthers() async throws {
        let (plan, revision) = try await revise("remove pillar Craft", try makeRequest(posts: 20))
        #expect(revision.proposal.items.count == 20)
        #expect(!revision.proposal.items.contains { $0.pillarID == "p-a" || $0.topic.hasPrefix("Craft") })
        // The others are as they were.
        #expect(Set(plan.items.filter { $0.pillarID != "p-a" }).isSubset(of: revision.proposal.items))
    }

    @Test func aPillarsNameMayHoldAnd() async throws {
        var request = try makeRequest(posts: 20)
        request.pillars[0].name = "Tips and Tricks"
        let (_, revision) = try await revise("drop the pillar Tips and Tricks and move everything to the afternoon", request)
        #expect(revision.applied.count == 2 && revision.notUnderstood.isEmpty)
    }

    @Test func platformsAndPostsCanGo() async throws {
        var (_, revision) = try await revise("not on Mastodon; remove post 3 and remove post 1", try makeRequest(posts: 10))
        #expect(revision.proposal.items.count == 8)
        #expect(revision.proposal.items.allSatisfy { $0.platforms == [.instagram] })
        (_, revision) = try await revise("only mastodon", try makeRequest(posts: 10))
        #expect(revision.proposal.items.allSatisfy { $0.platforms == [.mastodon] })
    }

    @Test func whatIsNotUnderstoodIsSaidAndChangesNothing() async throws {
        let request = try makeRequest(posts: 10)
        let (plan, revision) = try await revise("Make it pop. More video and sing a song", request)
        #expect(revision.notUnderstood == ["Make it pop", "sing a song"])
        #expect(revision.applied.count == 1)
        let (_, nothing) = try await revise("Quieter, warmer and greener", request)
        #expect(nothing.notUnderstood == ["Quieter, warmer and greener"])
        #expect(nothing.proposal.items == plan.items)
        #expect(
            await issue { () async throws(GenerationIssue) in try await OfflineGenerator().revise(plan, of: request, as: "") }
                != nil)
    }

    @Test func whatCannotBeDoneIsSaid() async throws {
        let (plan, revision) = try await revise("remove post 99, no polls, remove pillar Nonsense", try makeRequest(posts: 5))
        #expect(revision.notUnderstood.count == 3)
        #expect(revision.proposal.items == plan.items)
    }
}
