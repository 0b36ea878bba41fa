import Core
import Metering

/// Forgets `Idempotency-Key`s after their day.
struct RepeatCleaning: Duty {
    static let name = "repeat-cleaning"
    let ledger: RepeatLedger
    let pause = Duration.seconds(600)
    let wake: WakeSignal? = nil

    func run() async throws -> Instant? {
        try await ledger.prune()
        return nil
    }
}
