/// How much a dispatcher does at once.
package struct DispatcherLimits: Sendable {
    /// Attempts under way at one webhook; also what a lane begins with.
    package var perWebhook = 8
    /// Attempts under way altogether. No organization gets more of them than are free for others.
    package var total = 256
    /// Claimed deliveries of one webhook, waiting ones included, while its receiver keeps up.
    package var heldPerWebhook = 64
    /// Claimed deliveries altogether: what is in memory, and what a crash leaves to run out.
    package var claims = 1024
    /// Attempts that a worker makes before others get its slot.
    package var itemsPerTurn = 32
    /// How long a claim holds. Longer than the longest attempt (30 s) and its bookkeeping.
    package var lease = Duration.seconds(45)
    /// What was claimed longer ago than this looks at its webhook again before it is sent: it may have been disabled,
    /// deleted or pointed elsewhere.
    package var freshness = Duration.seconds(1)
    /// How long a webhook whose secret does not open is left alone.
    package var pause = Duration.seconds(60)

    package init() {}
}
