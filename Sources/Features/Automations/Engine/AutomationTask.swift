package import Core

/// What a run does outside the database: written with the run, done by a duty, at least once and always under the same id.
package struct AutomationTask: Sendable {
    package var id: AutomationTaskID
    var organizationID: OrganizationID
    var automationID: AutomationID
    var runID: AutomationRunID
    /// The action's place.
    var place: Int
    var kind: AutomationAction.Kind
    /// Sealed, because it may hold a secret.
    var content: String
    /// This one included.
    var attempts: Int

    /// 5 attempts within about 70 minutes.
    static let backoff = Backoff(delays: [.seconds(10), .seconds(60), .seconds(600), .seconds(3600)])
    /// Longer than anything that is done for a task: after it, whoever took the task is thought to be gone.
    static let lease = Duration.seconds(300)
}
