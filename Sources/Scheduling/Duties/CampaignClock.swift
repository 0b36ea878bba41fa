package import Core
package import Features

/// Starts and ends campaigns on time.
package struct CampaignClock: Duty {
    package static let name = "campaign-clock"
    let campaigns: CampaignStore
    package let pause = Duration.seconds(30)
    package var wake: WakeSignal? { campaigns.wake }

    package init(campaigns: CampaignStore) { self.campaigns = campaigns }

    package func run() async throws -> Instant? { try await campaigns.advance() }
}
