import Core
import Features

/// Removes what is left of organizations that were deleted.
struct Erasures: Duty {
    static let name = "erasures"
    let erasures: ErasureStore
    let pause = Duration.seconds(30)
    var wake: WakeSignal? { erasures.wake }

    func run() async throws -> Instant? { try await erasures.work() }
}
