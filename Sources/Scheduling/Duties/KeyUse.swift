package import Core
package import Features

/// Writes down when keys were last used.
package struct KeyUse: Duty {
    package static let name = "key-use"
    package let pause = Duration.seconds(10)
    package let wake: WakeSignal? = nil
    let keys: KeyStore

    package init(keys: KeyStore) { self.keys = keys }

    package func run() async throws -> Instant? {
        try await keys.flushUsage()
        return nil
    }
}
