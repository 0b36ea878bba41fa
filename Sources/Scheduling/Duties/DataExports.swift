import Core
import Features

/// Builds the archives of exports, and removes them when they are too old.
struct DataExports: Duty {
    static let name = "data-exports"
    let exports: DataExportStore
    let pause = Duration.seconds(30)
    var wake: WakeSignal? { exports.wake }

    func run() async throws -> Instant? { try await exports.work() }
}
