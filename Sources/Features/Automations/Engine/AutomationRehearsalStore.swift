package import Contract
package import Core
import Relational

/// Tries an automation on what has happened: everything is really done, and undone.
extension AutomationRunStore {
    package func rehearse(
        _ id: AutomationID, _ input: RehearsalInput, for caller: Caller
    ) async throws -> AutomationRehearsal {
        let automation = try await automations.get(id, for: caller)
        let occasions = try await occasions(of: automation, input, for: caller)
        do {
            return try await engine.write { connection in
                let tried = try occasions.map { try rehearse(automation, on: $0, connection) }
                throw Undone(value: AutomationRehearsal(automation: automation, occasions: tried))
            }
        } catch let undone as Undone<AutomationRehearsal> {
            return undone.value
        }
    }

    private struct Undone<Value: Sendable>: Error { let value: Value }

    private func occasions(
        of automation: Automation, _ input: RehearsalInput, for caller: Caller
    ) async throws -> [EventRecord] {
        let type = automation.trigger.type
        if automation.trigger.timetable != nil {
            guard input.eventID == nil else { throw APIError.invalid("eventId", "is for triggers that are events") }
            let now = ambient.now()
            return [Self.occasion(of: automation, at: automation.trigger.next(after: now) ?? now, now: now)]
        }
        guard let eventID = input.eventID else {
            return try await events.latest(type, limit: input.limit, for: caller).filter { !$0.isTest }
        }
        let event = try await events.get(eventID, for: caller)
        guard event.type == type else {
            throw APIError.invalid("eventId", "is of the type \(event.type); the automation's trigger is \(type)")
        }
        return [event]
    }

    private func rehearse(
        _ automation: Automation, on event: EventRecord, _ connection: any RelationalConnection
    ) throws -> RehearsedOccasion {
        let facts = try facts(of: event, on: connection)
        let isEvent = automation.trigger.timetable == nil
        let run = AutomationRun(
            id: ambient.newID(), organizationID: automation.organizationID, automationID: automation.id,
            occasion: event.id.rawValue, eventType: event.type, eventID: isEvent ? event.id : nil,
            depth: try depth(of: event, on: connection), status: .running, code: nil, reason: nil, results: [],
            createdAt: ambient.now(), finishedAt: nil)
        var tried = RehearsedOccasion(
            event: event, eventID: run.eventID, findings: try automation.findings(of: event, facts: facts.json), code: nil,
            reason: nil, results: [])
        let gate = AutomationGate(
            depth: run.depth, findings: tried.findings, lastRunAt: nil, cooldownSeconds: 0, runsWithinHour: 0,
            maxRunsPerHour: 1, now: ambient.now())
        if let refusal = gate.refusal {
            (tried.code, tried.reason) = (refusal.code, refusal.reason)
            return tried
        }
        do {
            try connection.isolated {
                throw Undone(value: try performAll(of: automation, in: run, event, facts, on: connection))
            }
        } catch let undone as Undone<[ActionResult]> {
            tried.results = undone.value.map(Self.wished)
        } catch let failure as ActionFailure {
            (tried.code, tried.reason) = (failure.code, failure.reason)
            tried.results = failure.results.map(Self.wished)
        }
        return tried
    }

    /// What was done and undone, as what would be done. New things get other ids then.
    private static func wished(_ result: ActionResult) -> ActionResult {
        var wish = result
        if [.done, .pending, .undone].contains(result.status) { wish.status = .wouldDo }
        wish.objectID = nil
        wish.attempts = nil
        return wish
    }
}
