package import Core
package import Features

/// Removes what is no longer kept: small steps with a rest between them, so that writers get their turn.
package struct Retention: Duty {
    package static let name = "retention"
    let store: RetentionStore

    package let pause = Duration.seconds(600)
    package var wake: WakeSignal? { nil }

    package init(store: RetentionStore) { self.store = store }

    package func run() async throws -> Instant? {
        while try await store.prune() {
            try await Task.sleep(for: .milliseconds(5))
        }
        return nil
    }
}
