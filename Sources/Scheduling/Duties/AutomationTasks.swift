package import Core
package import Features

/// Does what automations do outside the database.
package struct AutomationTasks: Duty {
    package static let name = "automation-tasks"
    let runs: AutomationRunStore
    let caller: any AutomationCaller
    let generator: (any AutomationGenerator)?
    package let pause = Duration.seconds(30)
    package var wake: WakeSignal? { runs.wake }

    package init(runs: AutomationRunStore, caller: any AutomationCaller, generator: (any AutomationGenerator)?) {
        self.runs = runs
        self.caller = caller
        self.generator = generator
    }

    package func run() async throws -> Instant? { try await runs.work(caller, generator) }
}
