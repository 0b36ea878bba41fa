/// Waiting times between tries: pure arithmetic, so that the caller's clock and dice decide.
package struct Backoff: Hashable, Sendable {
    /// The wait before try 2, 3, 4 and so on; the list's length bounds the retries.
    package var delays: [Duration]
    /// How far a wait may move either way, as a fraction: 0.2 means ±20 %.
    package var jitter: Double

    package init(delays: [Duration], jitter: Double = 0.2) {
        self.delays = delays
        self.jitter = jitter
    }

    /// The wait after the `attempt`-th failed try (1-based), or nil when the schedule is used up.
    /// - Parameter unit: a number in 0..<1 from ``Ambient/unitInterval()``.
    package func delay(afterAttempt attempt: Int, unit: Double) -> Duration? {
        guard attempt >= 1, attempt <= delays.count else { return nil }
        return delays[attempt - 1] * (1 + jitter * (2 * unit - 1))
    }
}
