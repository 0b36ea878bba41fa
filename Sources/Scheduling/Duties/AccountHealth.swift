package import Core
package import Publishing

/// Renews tokens before they end, asks once a day whether they work, and tells what ends soon.
package struct AccountHealth: Duty {
    package static let name = "account-health"
    let tokens: TokenKeeper
    package let wake: WakeSignal?
    package let pause = Duration.seconds(60)

    package init(tokens: TokenKeeper, wake: WakeSignal?) {
        self.tokens = tokens
        self.wake = wake
    }

    package func run() async throws -> Instant? { try await tokens.tend() }
}
