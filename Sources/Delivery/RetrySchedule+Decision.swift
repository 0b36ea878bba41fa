package import Core
package import Features

extension RetrySchedule {
    /// Where a delivery goes after an attempt.
    package enum Decision: Hashable, Sendable {
        case succeeded
        case retry(at: Instant)
        case exhausted
    }

    /// Longest that a failing delivery holds up those behind it, in a webhook that wants order. Then it is left behind.
    package static let longestHoldUp = Duration.seconds(3600)

    /// True when the next attempt would come later than ``longestHoldUp`` after the first one: by the schedule, with the
    /// jitter at its longest, so that the promise holds.
    package func holdsUp(after attempts: Int, until next: Duration) -> Bool {
        let passed = delays.prefix(max(attempts - 1, 0)).reduce(.zero, +)
        return passed * 6 / 5 + next > Self.longestHoldUp
    }

    /// - Parameters:
    ///   - attempt: attempts that the schedule has made, this one included.
    ///   - unit: a number in 0..<1, for the jitter of ±20 %.
    package func decide(_ outcome: AttemptOutcome, attempt: Int, now: Instant, unit: Double) -> Decision {
        switch outcome.verdict {
        case .delivered: return .succeeded
        case .gone, .final: return .exhausted
        case .retry(let notBefore):
            guard let delay = Backoff(delays: delays, jitter: 0.2).delay(afterAttempt: attempt, unit: unit) else {
                return .exhausted
            }
            // What the receiver asks for is honoured in full: jitter only ever adds to it, within the day that it may ask.
            let asked = notBefore.map { min($0 * (1 + 0.1 * unit), AttemptOutcome.longestWait) } ?? .zero
            return .retry(at: now + max(delay, asked))
        }
    }
}
