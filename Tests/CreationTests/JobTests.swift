import Contract
import Core
import Creation
import Features
import Generation
import Relational
import Synchronization
import TestSupport
import Testing

/// Jobs under crashes, races and full queues.
@Suite(.serialized, .timeLimit(.minutes(3))) struct JobTests {
    @Test func aJobThatEndsWritesEverythingAtOnce() async throws {
        let world = try await CreationWorld()
        let job = try await world.order(2)
        try await world.running(world.runner()) {
            let done = try await world.ended(job)
            #expect(done.status == .succeeded && done.creditsCharged == 8 && done.provider == "offline-template")
        }
        #expect(try await world.number("SELECT count(*) FROM media WHERE source = 'AI'") == 2)
        #expect(try await world.number("SELECT count(*) FROM event WHERE type = 'image.generated'") == 2)
        #expect(world.vault.keys.count == 2)
        #expect(try await world.ledgerIssues() == [])
    }

    /// The server dies before or after each of the writes of a job's life; afterwards another one finishes it.
    @Test(arguments: Array(1...7), CrashingEngine.Moment.allCases)
    func killedAnywhereAJobIsDoneOnceAndChargedOnce(_ write: Int, _ moment: CrashingEngine.Moment) async throws {
        let world = try await CreationWorld()
        let engine = CrashingEngine(world.base, killedAtWrite: write, moment)
        let dying = try await world.through(engine)
        var job: Job?
        do {
            let ordered = try await dying.order(2)
            job = ordered
            try await dying.running(dying.runner()) { _ = try await dying.ended(ordered) }
        } catch {
            #expect(engine.isDead)
        }
        // The next server. What was asked for but not answered may be there or not, never half.
        try await world.jobs.releaseAbandoned()
        world.clock.advance(by: .seconds(120))
        let asked = try await world.jobs.list(JobFilter(), for: world.caller, page: PageRequest()).items
        #expect(job == nil || asked.count == 1)
        try await world.running(world.runner()) {
            for job in asked {
                let done = try await world.ended(job)
                #expect(done.status == .succeeded && done.creditsCharged == 8)
            }
        }
        let made = Int64(asked.count * 2)
        #expect(try await world.number("SELECT count(*) FROM media WHERE source = 'AI'") == made)
        #expect(try await world.number("SELECT count(*) FROM event WHERE type = 'image.generated'") == made)
        // A second attempt replaces the bytes of the first: nothing is left over.
        #expect(world.vault.keys.count == Int(made))
        #expect(try await world.credits.balance(of: world.organization.organizationID).available == 200 - 4 * made)
        #expect(try await world.ledgerIssues() == [])
    }

    @Test func aWorkerWhoseLeaseRanOutMayWriteNothingMore() async throws {
        let world = try await CreationWorld()
        _ = try await world.order()
        let first = try #require(try await world.jobs.claim(lease: .seconds(60)))
        #expect(try await world.jobs.claim(lease: .seconds(60)) == nil)
        world.clock.advance(by: .seconds(61))
        let second = try #require(try await world.jobs.claim(lease: .seconds(60)))
        #expect(second.id == first.id && second.fencingToken == first.fencingToken + 1)
        await #expect(throws: JobStore.LostClaim.self) {
            try await world.jobs.succeed(first, result: "{}", provider: "late", charge: nil, alongside: { _ in })
        }
        await #expect(throws: JobStore.LostClaim.self) { try await world.jobs.fail(first, JobFailure("x", "y")) }
        await #expect(throws: JobStore.LostClaim.self) { try await world.jobs.renew(first, lease: .seconds(60)) }
        try await world.jobs.succeed(second, result: "{}", provider: "right", charge: nil, alongside: { _ in })
        let done = try await world.jobs.get(first.id, for: world.caller)
        #expect(done.provider == "right" && done.creditsCharged == 4 && done.attempts == 2)
        #expect(try await world.ledgerIssues() == [])
    }

    @Test func aWorkerThatComesLateTakesNoPictureOutOfTheLibrary() async throws {
        let world = try await CreationWorld()
        let work = world.work()
        _ = try await world.order(2)
        let first = try #require(try await world.jobs.claim(lease: .seconds(60)))
        let late = try await work.perform(first) { _, _ in }
        // The machine slept: the lease is over when it wakes up, and another begins the job.
        world.clock.advance(by: .seconds(61))
        let second = try #require(try await world.jobs.claim(lease: .seconds(60)))
        let done = try await work.perform(second) { _, _ in }
        try await world.jobs.succeed(
            second, result: done.result, provider: done.provider, charge: done.charge, alongside: done.commit)
        await late.discard()
        #expect(world.vault.keys.count == 2)
        // Likewise when it finds out in the middle of its work.
        let stop: JobReport = { progress, _ in if progress > 0.7 { throw CancellationError() } }
        await #expect(throws: CancellationError.self) { try await work.perform(first, report: stop) }
        #expect(world.vault.keys.count == 2)
    }

    @Test func aJobThatKillsItsServerIsGivenUpAndFree() async throws {
        let world = try await CreationWorld()
        let job = try await world.order()
        for _ in 0..<JobStore.mostAttempts {
            #expect(try await world.jobs.claim(lease: .seconds(60)) != nil)
            world.clock.advance(by: .seconds(61))
        }
        #expect(try await world.jobs.claim(lease: .seconds(60)) == nil)
        let ended = try await world.jobs.get(job.id, for: world.caller)
        #expect(ended.status == .failed && ended.error?.code == "interrupted" && ended.creditsCharged == 0)
        #expect(try await world.credits.balance(of: world.organization.organizationID).available == 200)
    }

    @Test func cancellingRacesWithTheEndAndOneOfThemWins() async throws {
        let world = try await CreationWorld(plan: .growth)
        for _ in 0..<30 {
            let job = try await world.order()
            let claimed = try #require(try await world.jobs.claim(lease: .seconds(60)))
            async let cancelled: Bool = {
                do { _ = try await world.jobs.cancel(job.id, for: world.caller); return true } catch { return false }
            }()
            async let succeeded: Bool = {
                do {
                    try await world.jobs.succeed(claimed, result: "{}", provider: "p", charge: nil, alongside: { _ in })
                    return true
                } catch { return false }
            }()
            let outcome = await (cancelled, succeeded)
            #expect(outcome.0 != outcome.1)
            let ended = try await world.jobs.get(job.id, for: world.caller)
            #expect(ended.creditsCharged == (outcome.1 ? 4 : 0))
        }
        #expect(try await world.ledgerIssues() == [])
    }

    @Test func oneWhoAsksForMuchDoesNotHoldUpTheOthers() async throws {
        let world = try await CreationWorld(plan: .growth)
        let other = try await world.setup.create(
            OrganizationOutline(name: "Other", plan: .starter, brand: "Other", email: "owner@other.test"))
        let theirs = try await world.keys.authenticate(other.apiKey)
        for _ in 0..<5 { _ = try await world.order() }
        world.clock.advance(by: .seconds(1))
        let late = try await world.order(1, for: theirs, brand: other.brandID)
        world.clock.advance(by: .seconds(1))
        _ = try await world.jobs.claim(lease: .seconds(60))
        #expect(try await world.jobs.claim(lease: .seconds(60))?.id == late.id)
        // Foreign jobs are not there.
        let foreign = try await status { _ = try await world.jobs.get(late.id, for: world.caller) }
        #expect(foreign == .notFound)
        var limited = world.caller
        limited.brandIDs = [ID("another")]
        let caller = limited
        #expect(try await world.jobs.list(JobFilter(), for: caller, page: PageRequest()).items.isEmpty)
        let refused = try await status { _ = try await world.order(1, for: caller) }
        #expect(refused == .invalidRequest)
    }

    @Test func theQueueOfAnOrganizationIsBounded() async throws {
        let world = try await CreationWorld(plan: .enterprise)
        for _ in 0..<100 { _ = try await world.order() }
        let refused = try await status { _ = try await world.order() }
        #expect(refused == .rateLimited)
        #expect(try await world.number("SELECT count(*) FROM credit_reservation") == 100)
    }

    private func status(_ body: () async throws -> Void) async throws -> ErrorCode? {
        do {
            try await body()
            return nil
        } catch let error as APIError {
            return error.code
        }
    }

    @Test func whatTakesTooLongIsStoppedAndFree() async throws {
        let world = try await CreationWorld()
        let job = try await world.order()
        var limits = JobRunner.Limits()
        limits.deadline = .milliseconds(50)
        try await world.running(world.runner(Sleeper(), limits: limits)) {
            let ended = try await world.ended(job)
            #expect(ended.status == .failed && ended.error?.code == "timeout" && ended.creditsCharged == 0)
        }
        #expect(try await world.ledgerIssues() == [])
    }

    @Test func whatPassesIsTriedAgainAndWhatDoesNotIsNot() async throws {
        let world = try await CreationWorld()
        let flaky = Flaky([.rateLimited(retryAfter: .milliseconds(1)), .rejected(status: 503, nil), nil])
        let job = try await world.order()
        try await world.running(world.runner(flaky)) {
            // The clock that decides when it is due stands still unless it is moved.
            for _ in 0..<200 where try await !world.jobs.get(job.id, for: world.caller).status.hasEnded {
                world.clock.advance(by: .seconds(1))
                try await Task.sleep(for: .milliseconds(20))
            }
            let done = try await world.jobs.get(job.id, for: world.caller)
            #expect(done.status == .succeeded && done.attempts == 3)
        }
        let final = try await world.order()
        try await world.running(world.runner(Flaky([.unauthorized(status: 401)]))) {
            let ended = try await world.ended(final)
            #expect(ended.error?.code == "provider_refused_key" && ended.attempts == 1)
        }
        let long = try await world.order()
        try await world.running(world.runner(Flaky([.rateLimited(retryAfter: .seconds(61))]))) {
            let ended = try await world.ended(long)
            #expect(ended.error?.code == "provider_rate_limited" && ended.attempts == 1)
        }
    }

    @Test func jobsAreForgottenAfterAMonthAndTheirLedgerIsNot() async throws {
        let world = try await CreationWorld()
        let job = try await world.order()
        _ = try await world.jobs.cancel(job.id, for: world.caller)
        world.clock.advance(by: .seconds(30 * 86_400))
        try await world.jobs.prune()
        #expect(try await world.number("SELECT count(*) FROM job") == 1)
        world.clock.advance(by: .seconds(1))
        try await world.jobs.prune()
        #expect(try await world.number("SELECT count(*) FROM job") == 0)
        #expect(try await world.number("SELECT count(*) FROM credit_reservation") == 1)
    }

    @Test func cardsDifferAndComeInTheSizeOfTheirPlatform() async throws {
        var request = ImageRequest(prompt: "Dawn", count: 4, width: 120, height: 150)
        request.brandName = "Acme"
        request.brandColors = ["#16324f", "#f2a541"]
        let cards = try await BrandCardImages().images(request)
        #expect(Set(cards.images.map(\.bytes)).count == 4 && cards.provider == "offline-template")
        #expect(try await BrandCardImages().images(request).images == cards.images)
        for platform in Platform.allCases {
            let size = PictureSize.best(for: platform)
            #expect((600...2_048).contains(size.width) && (600...2_048).contains(size.height))
        }
        #expect(PictureSize.best(for: .tiktok) == (1080, 1920))
    }
}

/// Never answers, until it is cancelled.
private struct Sleeper: ImageGenerator {
    func images(_ request: ImageRequest) async throws(GenerationIssue) -> ImageProposal {
        try? await Task.sleep(for: .seconds(60))
        throw .cancelled
    }
}

/// Fails as it is told, and then draws.
private final class Flaky: ImageGenerator {
    private let issues: Mutex<[GenerationIssue?]>
    init(_ issues: [GenerationIssue?]) { self.issues = Mutex(issues) }

    func images(_ request: ImageRequest) async throws(GenerationIssue) -> ImageProposal {
        let next = issues.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let next { throw next }
        return try await BrandCardImages().images(request)
    }
}
