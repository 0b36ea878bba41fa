package import Core
package import Features

/// Runs the automations that wait for events or for the clock.
package struct AutomationFeed: Duty {
    package static let name = "automations"
    let runs: AutomationRunStore
    package let pause = Duration.seconds(1)
    package let wake: WakeSignal? = nil

    package init(runs: AutomationRunStore) { self.runs = runs }

    package func run() async throws -> Instant? {
        if try await !runs.advance() { await runs.change() }
        return runs.ambient.now()
    }
}
