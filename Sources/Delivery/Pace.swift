import Core

/// How fast a webhook is called: the rate that it was given, less after it asked for less. Each 429, 502, 503 or 504
/// halves the rate, once a second at most; every minute wins back a tenth of the whole.
struct Pace: Sendable, Hashable {
    /// Requests in a second, as configured; nil: no limit.
    let configured: Double?
    let burst: Double
    private var limit: Double?
    /// The rate that is won back.
    private var ceiling: Double
    private var tokens: Double
    private var refilledAt: Instant
    private var halvedAt: Instant?

    static let lowest = 0.1

    /// - Parameter burst: how many requests may go at once after a pause; the rate of one second when nil.
    init(configured: Double?, burst: Int? = nil, now: Instant) {
        self.configured = configured
        self.burst = max(burst.map(Double.init) ?? configured ?? 1, 1)
        limit = configured
        ceiling = configured ?? 0
        tokens = self.burst
        refilledAt = now
    }

    /// True while it limits nothing.
    var isUnlimited: Bool { limit == nil }

    /// The rate in force; nil: no limit.
    var rate: Double? { limit }

    /// Takes leave for one request.
    /// - Returns: nil when it may go now; otherwise when to ask again.
    mutating func take(_ now: Instant) -> Instant? {
        refill(now)
        guard let limit else { return nil }
        if tokens >= 1 {
            tokens -= 1
            return nil
        }
        let wait = (1 - tokens) / limit
        return now + .milliseconds(Int64((min(wait, 60) * 1000).rounded(.up)))
    }

    /// The receiver asked for less.
    /// - Parameter present: how many requests in a second it is getting.
    mutating func halve(present: Double, _ now: Instant) {
        if let halvedAt, now - halvedAt < .seconds(1) { return }
        halvedAt = now
        ceiling = max(ceiling, configured ?? present, Self.lowest)
        limit = max((limit ?? present) / 2, Self.lowest)
        tokens = min(tokens, 1)
        refilledAt = now
    }

    private mutating func refill(_ now: Instant) {
        guard let present = limit else { return }
        let elapsed = max((now - refilledAt).inSeconds, 0)
        refilledAt = now
        tokens = min(tokens + elapsed * present, max(burst, 1))
        guard halvedAt != nil else { return }
        let risen = present + ceiling * 0.1 * elapsed / 60
        if risen >= ceiling {
            limit = configured
            halvedAt = nil
        } else {
            limit = risen
        }
    }
}
