import Core
import Features

/// Advances the replays that run, once a second while there is one.
struct Replays: Duty {
    static let name = "replays"
    let replays: ReplayStore

    let pause = Duration.seconds(1)
    var wake: WakeSignal? { nil }

    func run() async throws -> Instant? {
        _ = try await replays.advance()
        return nil
    }
}
