package import Core

/// Where an organization stands in its hour, as of one request.
package struct Allowance: Hashable, Sendable {
    /// Requests that the organization may send in an hour.
    package var limit: Int
    /// How many of them are left after this one; exact for what this process let through, 0 when refused.
    package var remaining: Int
    /// When the hour ends and everything is available again.
    package var resetsAt: Instant
    /// Whether this request may go on.
    package var isAllowed: Bool

    package init(limit: Int, remaining: Int, resetsAt: Instant, isAllowed: Bool) {
        self.limit = limit
        self.remaining = remaining
        self.resetsAt = resetsAt
        self.isAllowed = isAllowed
    }
}
