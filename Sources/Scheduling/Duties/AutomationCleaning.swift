package import Core
package import Features

/// Forgets runs and notifications that are old: small steps with a rest between them, so that writers get their turn.
package struct AutomationCleaning: Duty {
    package static let name = "automation-cleaning"
    let runs: AutomationRunStore
    package let pause = Duration.seconds(600)
    package let wake: WakeSignal? = nil

    package init(runs: AutomationRunStore) { self.runs = runs }

    package func run() async throws -> Instant? {
        while try await runs.prune() {
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
