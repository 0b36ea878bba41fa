import Core

/// Keeps from calling a webhook that does not answer: after ten failures in a row, or when at least half of twenty or more
/// in five minutes failed. It rests for 30 s, twice as long each time up to 15 minutes, and then one attempt decides. What
/// waits meanwhile spends no attempt.
struct Breaker: Sendable, Hashable {
    enum State: Sendable, Hashable {
        case closed
        case open(until: Instant)
        /// One attempt is allowed.
        case halfOpen
    }
    private(set) var state = State.closed
    private var consecutive = 0
    private var windowStart: Instant?
    private var total = 0
    private var failed = 0
    private var openings = 0

    static let consecutiveFailures = 10
    static let windowAttempts = 20
    static let window = Duration.seconds(300)
    static let shortestRest = Duration.seconds(30)
    static let longestRest = Duration.seconds(900)

    /// True once it has nothing to remember.
    var isForgettable: Bool { state == .closed && consecutive == 0 && windowStart == nil }

    mutating func succeed(_ now: Instant) {
        consecutive = 0
        if state != .closed {
            self = Breaker()
            return
        }
        count(now, isFailure: false)
        if let start = windowStart, now - start >= Self.window { (windowStart, total, failed) = (nil, 0, 0) }
    }

    /// - Returns: until when it rests, if this failure opened it.
    mutating func fail(_ now: Instant) -> Instant? {
        consecutive += 1
        count(now, isFailure: true)
        // Attempts that were under way when it opened say nothing new.
        if case .open = state { return nil }
        let isBad = total >= Self.windowAttempts && failed * 2 >= total
        guard state == .halfOpen || consecutive >= Self.consecutiveFailures || isBad else { return nil }
        let rest = min(Self.shortestRest * (1 << min(openings, 5)), Self.longestRest)
        openings += 1
        (windowStart, total, failed) = (nil, 0, 0)
        state = .open(until: now + rest)
        return now + rest
    }

    /// Lets one attempt through when the rest is over.
    mutating func wake(_ now: Instant) {
        if case .open(let until) = state, until <= now { state = .halfOpen }
    }

    private mutating func count(_ now: Instant, isFailure: Bool) {
        if let start = windowStart, now - start < Self.window {
            total += 1
            failed += isFailure ? 1 : 0
        } else if isFailure || windowStart != nil {
            (windowStart, total, failed) = (now, 1, isFailure ? 1 : 0)
        }
    }
}
