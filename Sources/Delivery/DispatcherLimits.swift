/// How much a dispatcher does at once.
package struct DispatcherLimits: Sendable {
    /// Attempts under way at one webhook.
    package var perWebhook = 8
    /// Attempts under way altogether.
    package var total = 256
    /// Claimed deliveries of one webhook, waiting ones included.
    package var heldPerWebhook = 48
    /// A lane that falls to this many asks for more.
    package var lowWater = 16
    /// Attempts that a worker makes before others get its slot.
    package var itemsPerTurn = 32
    /// How long a claim holds. Longer than the longest attempt (30 s) and its bookkeeping.
    package var lease = Duration.seconds(60)

    package init() {}
}
