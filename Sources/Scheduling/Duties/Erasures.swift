package import Core
package import Features

/// Removes what is left of organizations that were deleted.
package struct Erasures: Duty {
    package static let name = "erasures"
    let erasures: ErasureStore
    package let pause = Duration.seconds(30)
    package var wake: WakeSignal? { erasures.wake }

    package init(erasures: ErasureStore) { self.erasures = erasures }

    package func run() async throws -> Instant? { try await erasures.work() }
}
