import Core
import Features

/// Starts and ends campaigns on time.
struct CampaignClock: Duty {
    static let name = "campaign-clock"
    let campaigns: CampaignStore
    let pause = Duration.seconds(30)
    var wake: WakeSignal? { campaigns.wake }

    func run() async throws -> Instant? { try await campaigns.advance() }
}
