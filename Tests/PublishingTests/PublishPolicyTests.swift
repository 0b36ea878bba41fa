import Core
import Platforms
import Publishing
import Testing

@Suite(.serialized) struct PublishPolicyTests {
    let policy = PublishPolicy.standard

    private func failure(_ kind: PublishFailure.Class, retryAfter: Duration? = nil) -> PublishFailure {
        PublishFailure(kind, code: "x", message: "x", retryAfter: retryAfter)
    }

    @Test func whatMayBeVisibleIsAskedForAndNeverSentAgain() {
        for attempts in 1...20 {
            let step = policy.step(after: failure(.ambiguous), attempts: attempts, wasArmed: true, unit: 0.5)
            guard case .look = step else { Issue.record("\(step)"); continue }
        }
    }

    @Test func aRefusalIsFinal() {
        #expect(policy.step(after: failure(.final), attempts: 1, wasArmed: true, unit: 0.5) == .fail)
        #expect(policy.step(after: failure(.auth), attempts: 1, wasArmed: false, unit: 0.5) == .fail)
    }

    @Test func thePlatformsOwnWaitIsHonoured() {
        let step = policy.step(
            after: failure(.beforeEffect, retryAfter: .seconds(900)), attempts: 1, wasArmed: false, unit: 0.5)
        #expect(step == .retry(after: .seconds(900)))
    }

    @Test func retriesEnd() {
        let attempts = policy.retries.delays.count + 1
        #expect(policy.step(after: failure(.beforeEffect), attempts: attempts, wasArmed: false, unit: 0.5) == .fail)
    }

    @Test func anEarlyAbsenceProvesNothing() {
        let early = policy.step(after: .absent, attempts: 1, looks: 1, sinceArmed: .seconds(5), grace: .seconds(20), unit: 0.5)
        #expect(early == .look(after: .seconds(15)))
        let late = policy.step(after: .absent, attempts: 1, looks: 2, sinceArmed: .seconds(20), grace: .seconds(20), unit: 0.5)
        #expect(late == .retry(after: .zero))
    }

    @Test func whatCannotBeKnownIsAskedOfAPerson() {
        #expect(
            policy.step(after: .unknowable, attempts: 1, looks: 1, sinceArmed: .seconds(60), grace: .zero, unit: 0.5)
                == .askPerson)
        let unreachable = ReconcileOutcome.unreachable(failure(.beforeEffect))
        #expect(
            policy.step(after: unreachable, attempts: 1, looks: 99, sinceArmed: .seconds(60), grace: .zero, unit: 0.5)
                == .askPerson)
    }

    @Test func whatIsAbsentEachTimeIsSentByTheScheduleUntilItEnds() {
        func step(attempts: Int) -> PublishPolicy.Step {
            policy.step(after: .absent, attempts: attempts, looks: 1, sinceArmed: .seconds(60), grace: .zero, unit: 0.5)
        }
        #expect(step(attempts: 1) == .retry(after: .zero))
        for attempts in 2...policy.retries.delays.count + 1 {
            guard case .retry(let delay) = step(attempts: attempts), delay > .zero else {
                Issue.record("\(attempts)")
                continue
            }
        }
        #expect(step(attempts: policy.retries.delays.count + 2) == .fail)
    }
}
