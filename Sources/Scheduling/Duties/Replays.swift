package import Core
package import Features

/// Advances the replays that run, once a second while there is one.
package struct Replays: Duty {
    package static let name = "replays"
    let replays: ReplayStore

    package let pause = Duration.seconds(1)
    package var wake: WakeSignal? { nil }

    package init(replays: ReplayStore) { self.replays = replays }

    package func run() async throws -> Instant? {
        _ = try await replays.advance()
        return nil
    }
}
