package import Core
package import Features

/// Takes up content plans that a crash interrupted.
package struct ContentPlanWork: Duty {
    package static let name = "content-plan-work"
    let plans: ContentPlanStore
    package let pause = Duration.seconds(30)
    package let wake: WakeSignal? = nil

    package init(plans: ContentPlanStore) { self.plans = plans }

    package func run() async throws -> Instant? { try await plans.resume() }
}
