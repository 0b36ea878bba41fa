import Core
import Features

/// Takes up content plans that a crash interrupted.
struct ContentPlanWork: Duty {
    static let name = "content-plan-work"
    let plans: ContentPlanStore
    let pause = Duration.seconds(30)
    let wake: WakeSignal? = nil

    func run() async throws -> Instant? { try await plans.resume() }
}
