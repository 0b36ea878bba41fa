import Core
import Publishing

/// Renews tokens before they end, asks once a day whether they work, and tells what ends soon.
struct AccountHealth: Duty {
    static let name = "account-health"
    let tokens: TokenKeeper
    let wake: WakeSignal?
    let pause = Duration.seconds(60)

    func run() async throws -> Instant? { try await tokens.tend() }
}
