package import Core
package import Metering

/// Forgets `Idempotency-Key`s after their day.
package struct RepeatCleaning: Duty {
    package static let name = "repeat-cleaning"
    let ledger: RepeatLedger
    package let pause = Duration.seconds(600)
    package let wake: WakeSignal? = nil

    package init(ledger: RepeatLedger) { self.ledger = ledger }

    package func run() async throws -> Instant? {
        try await ledger.prune()
        return nil
    }
}
