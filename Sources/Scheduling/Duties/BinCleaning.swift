package import Core
package import Features

/// Removes request bins that have had their time.
package struct BinCleaning: Duty {
    package static let name = "bin-cleaning"
    let bins: BinStore

    package let pause = Duration.seconds(600)
    package var wake: WakeSignal? { nil }

    package init(bins: BinStore) { self.bins = bins }

    package func run() async throws -> Instant? {
        try await bins.prune()
        return nil
    }
}
