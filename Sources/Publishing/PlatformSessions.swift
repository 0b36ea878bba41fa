package import Core
package import Features
package import Outbound
package import Platforms

/// Opens the way to an account's platform: the guarded client for real ones, the in-process simulator for sandbox ones.
/// The connector cannot tell the difference.
package struct PlatformSessions: Sendable {
    let client: any Transport
    let sandbox: SandboxStore
    let ambient: Ambient

    package init(client: any Transport, sandbox: SandboxStore, ambient: Ambient) {
        self.client = client
        self.sandbox = sandbox
        self.ambient = ambient
    }

    package func session(for account: SocialAccount, token: Secret) -> PlatformSession {
        guard account.isSandbox, let simulator = PlatformList.simulator(for: account.platform) else {
            return session(baseURL: account.baseURL, externalID: account.externalID, token: token)
        }
        let transport = SimulatorTransport(simulator, world: SandboxWorld(store: sandbox))
        return PlatformSession(
            baseURL: "https://\(account.platform.rawValue).sandbox.invalid", externalID: account.externalID, token: token,
            transport: transport, pause: { _ in await Task.yield() }, now: ambient.now)
    }

    package func session(baseURL: String, externalID: String, token: Secret) -> PlatformSession {
        PlatformSession(
            baseURL: baseURL, externalID: externalID, token: token, transport: client, pause: Self.pause, now: ambient.now)
    }

    private static let pause: @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }
}
