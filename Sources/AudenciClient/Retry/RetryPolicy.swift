/// When a request is sent again, and how long before.
///
/// The waits are exponential with full jitter: anything between nothing and a bound that doubles, so that many clients that
/// failed together do not come back together. `Retry-After` is waited for in full.
public struct RetryPolicy: Hashable, Sendable {
    /// How often a request is sent at most, the first time included; at least once.
    public var attempts: Int
    /// The bound of the first wait.
    public var base: Duration
    /// The bound that no wait without `Retry-After` exceeds.
    public var cap: Duration
    /// A server that asks for more patience than this gets none: the error is thrown at once, with ``AudenciError/retryAfter``.
    public var patience: Duration

    public init(
        attempts: Int = 4, base: Duration = .milliseconds(500), cap: Duration = .seconds(20), patience: Duration = .seconds(60)
    ) {
        self.attempts = attempts
        self.base = base
        self.cap = cap
        self.patience = patience
    }

    /// Four attempts, within seconds.
    public static let standard = RetryPolicy()
    /// Every failure is thrown at once.
    public static let never = RetryPolicy(attempts: 1)
}

extension RetryPolicy {
    /// Why there is no good answer.
    enum Failure: Hashable, Sendable {
        case noAnswer(isTransient: Bool)
        case answer(status: Int, code: ErrorCode, retryAfter: Duration?)
    }

    /// How long to wait before the next attempt; nil when there should be none.
    /// - Parameters:
    ///   - number: of attempts made, at least 1.
    ///   - jitter: from 0 to 1.
    func wait(after failure: Failure, attempt number: Int, jitter: Double) -> Duration? {
        guard number < attempts else { return nil }
        switch failure {
        case .noAnswer(let isTransient): return isTransient ? backoff(number, jitter) : nil
        case .answer(let status, let code, let retryAfter):
            guard Self.isWorthRepeating(status, code) else { return nil }
            guard let retryAfter else { return backoff(number, jitter) }
            return retryAfter <= patience ? max(retryAfter, .zero) : nil
        }
    }

    /// A full quota is answered 403, so 429 always means: too fast. 409 only helps while the first try is still under way.
    private static func isWorthRepeating(_ status: Int, _ code: ErrorCode) -> Bool {
        switch status {
        case 408, 429, 500, 502, 503, 504: true
        case 409: code == .idempotencyInFlight
        default: false
        }
    }

    private func backoff(_ number: Int, _ jitter: Double) -> Duration {
        let doublings = min(max(number - 1, 0), 30)
        return min(base * (1 << doublings), cap) * min(max(jitter, 0), 1)
    }
}
