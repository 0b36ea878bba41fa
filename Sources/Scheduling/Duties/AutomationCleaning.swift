import Core
import Features

/// Forgets runs and notifications that are old: small steps with a rest between them, so that writers get their turn.
struct AutomationCleaning: Duty {
    static let name = "automation-cleaning"
    let runs: AutomationRunStore
    let pause = Duration.seconds(600)
    let wake: WakeSignal? = nil

    func run() async throws -> Instant? {
        while try await runs.prune() {
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
