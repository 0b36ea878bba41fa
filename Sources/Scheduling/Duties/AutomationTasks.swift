import Core
import Features

/// Does what automations do outside the database.
struct AutomationTasks: Duty {
    static let name = "automation-tasks"
    let runs: AutomationRunStore
    let caller: any AutomationCaller
    let generator: (any AutomationGenerator)?
    let pause = Duration.seconds(30)
    var wake: WakeSignal? { runs.wake }

    func run() async throws -> Instant? { try await runs.work(caller, generator) }
}
