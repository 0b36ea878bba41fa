import Core
import Features

/// Removes request bins that have had their time.
struct BinCleaning: Duty {
    static let name = "bin-cleaning"
    let bins: BinStore

    let pause = Duration.seconds(600)
    var wake: WakeSignal? { nil }

    func run() async throws -> Instant? {
        try await bins.prune()
        return nil
    }
}
