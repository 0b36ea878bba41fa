import Core
import Features

/// Runs the automations that wait for events or for the clock.
struct AutomationFeed: Duty {
    static let name = "automations"
    let runs: AutomationRunStore
    let pause = Duration.seconds(1)
    let wake: WakeSignal? = nil

    func run() async throws -> Instant? {
        if try await !runs.advance() { await runs.change() }
        return runs.ambient.now()
    }
}
