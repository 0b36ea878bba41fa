package import Core
package import Features

/// Builds the archives of exports, and removes them when they are too old.
package struct DataExports: Duty {
    package static let name = "data-exports"
    let exports: DataExportStore
    package let pause = Duration.seconds(30)
    package var wake: WakeSignal? { exports.wake }

    package init(exports: DataExportStore) { self.exports = exports }

    package func run() async throws -> Instant? { try await exports.work() }
}
