import Core

/// Whether an automation runs on an occasion that it is about: pure.
struct AutomationGate {
    var depth: Int
    /// What each part of the conditions says of the occasion.
    var findings: [FilterFinding]
    var lastRunAt: Instant?
    var cooldownSeconds: Int
    var runsWithinHour: Int
    var maxRunsPerHour: Int
    var now: Instant

    /// The longest chain of automations that make each other run: what makes more is a loop.
    static let maximumDepth = 5

    /// Why it does not run; nil when it does.
    var refusal: (code: AutomationRun.Code, reason: String)? {
        guard depth <= Self.maximumDepth else {
            return (
                .depthLimit,
                "The event was caused by a chain of \(depth) automations; \(Self.maximumDepth) are allowed. Automations probably make each other run: add a condition that ends the chain."
            )
        }
        if let failed = findings.first(where: { !$0.holds }) {
            return (.conditions, "\(failed.part): \(failed.detail).")
        }
        if let lastRunAt, now < lastRunAt + .seconds(cooldownSeconds) {
            return (.cooldown, "It ran at \(lastRunAt), and cooldownSeconds is \(cooldownSeconds).")
        }
        guard runsWithinHour < maxRunsPerHour else {
            return (
                .hourlyLimit, "It ran \(runsWithinHour) times within the last hour, and maxRunsPerHour is \(maxRunsPerHour)."
            )
        }
        return nil
    }
}
