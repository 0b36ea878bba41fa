package import Core
package import Platforms

/// What happens after a try: pure, so that every path to a second request can be read and tested in one place.
///
/// The rule that everything else serves: a request that makes a post visible is sent again only after it is proven that
/// the one before did not.
package struct PublishPolicy: Sendable {
    /// Waits between tries when nothing can have become visible.
    package var retries: Backoff
    /// Waits between questions to the platform when something may have.
    package var looks: Backoff

    package static let standard = PublishPolicy(
        retries: Backoff(delays: [
            .seconds(10), .seconds(30), .seconds(120), .seconds(600), .seconds(1800), .seconds(3600), .seconds(10_800),
        ]),
        looks: Backoff(delays: [
            .seconds(1), .seconds(5), .seconds(20), .seconds(60), .seconds(300), .seconds(900), .seconds(3600),
        ]))

    package init(retries: Backoff, looks: Backoff) {
        self.retries = retries
        self.looks = looks
    }

    package enum Step: Hashable, Sendable {
        /// Try again from the start, after this long.
        case retry(after: Duration)
        /// Ask the platform what became of it, after this long.
        case look(after: Duration)
        /// It will not become visible by itself.
        case fail
        /// A person has to say.
        case askPerson
    }

    /// After a preparation or publish request failed.
    /// - Parameters:
    ///   - attempts: tries so far, this one included.
    ///   - wasArmed: whether the failure is the publish request's own.
    package func step(after failure: PublishFailure, attempts: Int, wasArmed: Bool, unit: Double) -> Step {
        switch failure.failureClass {
        case .final, .auth: return .fail
        case .ambiguous where wasArmed:
            return .look(after: looks.delay(afterAttempt: 1, unit: unit) ?? .seconds(1))
        case .ambiguous, .beforeEffect:
            guard let delay = retries.delay(afterAttempt: attempts, unit: unit) else { return .fail }
            return .retry(after: max(delay, failure.retryAfter ?? .zero))
        }
    }

    /// After the platform was asked about an armed publication and did not show it.
    /// - Parameters:
    ///   - attempts: times it was sent so far. What is proven absent is sent again at once after the first, and by the
    ///     schedule after the others: a platform that swallows every request is not asked for ever.
    ///   - looks: questions so far, this one included.
    ///   - sinceArmed: time since the request was armed.
    ///   - grace: an absence seen sooner than this after arming proves nothing, for the request may still be on its way
    ///     through the platform (``Connector/settleTime``).
    package func step(
        after outcome: ReconcileOutcome, attempts: Int, looks count: Int, sinceArmed: Duration, grace: Duration, unit: Double
    ) -> Step {
        switch outcome {
        // Never asked: what is live is recorded, not decided about. Nothing may be sent, so a person would be asked.
        case .live: return .askPerson
        case .absent where sinceArmed >= grace:
            if attempts <= 1 { return .retry(after: .zero) }
            return retries.delay(afterAttempt: attempts - 1, unit: unit).map { .retry(after: $0) } ?? .fail
        case .absent: return .look(after: max(grace - sinceArmed, .milliseconds(100)))
        case .unknowable: return .askPerson
        case .unreachable(let failure):
            guard let delay = looks.delay(afterAttempt: count + 1, unit: unit) else { return .askPerson }
            return .look(after: max(delay, failure.retryAfter ?? .zero))
        }
    }
}
