package import Core
package import Relational

/// Removes what is no longer kept, a little at a time, so that nobody waits for it.
package struct RetentionStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let limits: RetentionLimits

    package init(engine: any RelationalEngine, ambient: Ambient, limits: RetentionLimits) {
        self.engine = engine
        self.ambient = ambient
        self.limits = limits
    }

    /// Rows that one transaction removes: small enough that no writer waits noticeably.
    package static let step = 500

    /// Removes one step of everything that is due.
    /// - Returns: whether there may be more.
    package func prune() async throws -> Bool {
        let now = ambient.now()
        return try await engine.write { connection in
            var isMore = false
            for query in RetentionQueries.all(limits, now: now, limit: Self.step) {
                if try connection.execute(query) == Self.step { isMore = true }
            }
            return isMore
        }
    }
}

/// How long what is kept.
package struct RetentionLimits: Sendable {
    /// Attempts with their answers.
    package var attempts = Duration.seconds(30 * 86_400)
    /// Deliveries and events.
    package var deliveries = Duration.seconds(90 * 86_400)
    /// Deliveries that are held for a disabled webhook; then they are cancelled.
    package var held = Duration.seconds(7 * 86_400)

    package init() {}
}
