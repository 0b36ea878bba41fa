import Core
import Logging
import ServiceLifecycle
import TestSupport
import Testing

@testable import Scheduling

/// What ``ClaimLoop`` promises, whatever the work is. The longest pause is an hour: a test that ends was woken.
@Suite(.timeLimit(.minutes(1))) struct ClaimLoopTests {
    private func loop<Stopping>(
        _ work: ScriptedWork<Stopping>, longestPause: Duration = .seconds(3600), logger: Logger = .silent
    ) -> ClaimLoop<ScriptedWork<Stopping>> {
        ClaimLoop(work, longestPause: longestPause, logger: logger)
    }

    @Test func whatIsDueIsDoneAsManyAtOnceAsAllowed() async {
        let work = ScriptedWork<Finished>(due: 5, parallelism: 2)
        var log = Happenings(work)
        let running = Task { await loop(work).run() }
        await log.reach(.began(0))
        await log.reach(.began(1))
        // The third has no place before one of the two ends.
        work.end(1)
        await log.reach(.began(2))
        #expect(log.seen.contains(.ended(1, wasCancelled: false)))
        work.end(0, 2, 3, 4)
        for piece in 0..<5 { await log.reach(.ended(piece, wasCancelled: false)) }
        await log.reach(.isPausing)
        running.cancel()
        await running.value
        #expect(work.mostUnderWay == 2)
        #expect(log.seen.first == .claimed(limit: 2, pieces: 2))
        #expect(log.seen.contains(.claimed(limit: 1, pieces: 1)))
    }

    @Test func aPieceThatHangsHoldsUpNoOther() async {
        let work = ScriptedWork<Finished>(due: 1)
        var log = Happenings(work)
        let running = Task { await loop(work).run() }
        await log.reach(.began(0))
        await log.reach(.isPausing)
        work.add(1)
        work.wake.signal()
        work.end(1)
        await log.reach(.ended(1, wasCancelled: false))
        #expect(!log.seen.contains(.ended(0, wasCancelled: false)))
        work.end(0)
        running.cancel()
        await running.value
    }

    @Test func aClaimThatFailsIsLoggedAndMadeAgain() async {
        let lines = LogCapture()
        // It is due now, so asking for the next time would make it spin.
        let work = ScriptedWork<Finished>(due: 1, failures: 2, nextDue: [.zero, .zero])
        var log = Happenings(work)
        let running = Task { await loop(work, longestPause: .milliseconds(1), logger: lines.logger).run() }
        await log.reach(.began(0))
        work.end(0)
        running.cancel()
        await running.value
        let failed = "error scripted pieces could not be claimed; trying again error=Unclaimable()"
        #expect(lines.text == [failed, failed])
        #expect(log.seen.prefix(3) == [.claimFailed, .claimFailed, .claimed(limit: 4, pieces: 1)])
    }

    @Test func aSignalEndsThePause() async {
        let work = ScriptedWork<Finished>()
        var log = Happenings(work)
        let running = Task { await loop(work).run() }
        await log.reach(.isPausing)
        work.add(3)
        work.wake.signal()
        await log.reach(.began(3))
        work.end(3)
        running.cancel()
        await running.value
    }

    @Test func theNextDueTimeEndsThePause() async {
        let work = ScriptedWork<Finished>(nextDue: [.milliseconds(1)])
        var log = Happenings(work)
        let running = Task { await loop(work).run() }
        await log.reach(.isPausing)
        work.add(3)
        await log.reach(.began(3))
        work.end(3)
        running.cancel()
        await running.value
    }

    @Test(arguments: [
        (nil, Duration.seconds(1)), (Duration.seconds(-5), .milliseconds(20)), (.zero, .milliseconds(20)),
        (.milliseconds(1), .milliseconds(1)), (.milliseconds(300), .milliseconds(300)), (.seconds(9), .seconds(1)),
    ])
    func aPauseEndsWhenSomethingIsDueAndNeverBecomesAStorm(until next: Duration?, is pause: Duration) {
        let now = Instant(seconds: 1_770_000_000)
        let due = next.map { now + $0 }
        #expect(ClaimLoop<ScriptedWork<Finished>>.pause(until: due, at: now, longest: .seconds(1)) == pause)
    }

    @Test func itLooksForItselfAfterTheLongestPause() async {
        // A clock that was set back, or a row that another process wrote: what was said of the next time is wrong.
        let work = ScriptedWork<Finished>(nextDue: [.seconds(3600)])
        var log = Happenings(work)
        let running = Task { await loop(work, longestPause: .milliseconds(1)).run() }
        await log.reach(.isPausing)
        work.add(3)
        await log.reach(.began(3))
        work.end(3)
        running.cancel()
        await running.value
    }

    @Test func afterAStopNothingIsClaimedAndWhatRunsIsFinished() async {
        let work = ScriptedWork<Finished>(due: 2, parallelism: 1)
        var log = Happenings(work)
        let running = Task { await loop(work).run() }
        await log.reach(.began(0))
        running.cancel()
        work.end(0)
        await running.value
        await log.reach(.ended(0, wasCancelled: false))
        #expect(!log.seen.contains(.began(1)))
        let claims = log.seen.filter { $0 == .claimed(limit: 1, pieces: 1) }
        #expect(claims.count == 1)
    }

    @Test func whatDoesNotOutliveAStopIsCancelledAndWaitedFor() async throws {
        let work = ScriptedWork<Cancelled>(due: 2, parallelism: 1)
        var log = Happenings(work)
        let service = ServiceGroup(services: [loop(work)], gracefulShutdownSignals: [], logger: .silent)
        let running = Task { try await service.run() }
        await log.reach(.began(0))
        await service.triggerGracefulShutdown()
        try await running.value
        await log.reach(.ended(0, wasCancelled: true))
        #expect(!log.seen.contains(.began(1)))
    }

    @Test func aGracefulShutdownEndsAPause() async throws {
        let work = ScriptedWork<Finished>()
        var log = Happenings(work)
        let service = ServiceGroup(services: [loop(work)], gracefulShutdownSignals: [], logger: .silent)
        let running = Task { try await service.run() }
        await log.reach(.isPausing)
        await service.triggerGracefulShutdown()
        try await running.value
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
