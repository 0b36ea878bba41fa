import Core
import Features

/// Removes what is no longer kept: small steps with a rest between them, so that writers get their turn.
struct Retention: Duty {
    static let name = "retention"
    let store: RetentionStore

    let pause = Duration.seconds(600)
    var wake: WakeSignal? { nil }

    func run() async throws -> Instant? {
        while try await store.prune() {
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
