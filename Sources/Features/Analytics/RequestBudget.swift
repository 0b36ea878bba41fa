import Core

/// How many requests for numbers a platform lets one account make: always well below the platform's own limit, because
/// publishing shares it. Pure.
package struct RequestBudget: Sendable, Hashable {
    package var requests: Int64
    package var window: Duration

    package init(requests: Int64, per window: Duration) {
        self.requests = requests
        self.window = window
    }

    /// What an account has used of its budget.
    struct Usage: Sendable, Hashable {
        var windowStart: Instant
        var used: Int64
        /// The platform asked for silence until then.
        var blockedUntil: Instant?
    }

    enum Decision: Hashable {
        case allowed(Usage)
        case wait(until: Instant)
    }

    /// Takes `cost` requests at `now`. A window begins with the first request after the last one ended.
    func take(_ cost: Int64, of usage: Usage?, at now: Instant) -> Decision {
        if let blocked = usage?.blockedUntil, blocked > now { return .wait(until: blocked) }
        // A clock that was set back must not lock the account out.
        if let usage, usage.windowStart <= now, now < usage.windowStart + window {
            guard usage.used <= requests - cost else { return .wait(until: usage.windowStart + window) }
            return .allowed(Usage(windowStart: usage.windowStart, used: usage.used + cost, blockedUntil: nil))
        }
        return .allowed(Usage(windowStart: now, used: cost, blockedUntil: nil))
    }
}
