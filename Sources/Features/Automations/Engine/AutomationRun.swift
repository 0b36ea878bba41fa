package import Contract
package import Core

/// What came of an automation on one occasion.
package struct AutomationRun: Sendable {
    package enum Status: String, Sendable, CaseIterable, APIEnum, QueryValue {
        /// The database's part is done, a request or a generator is not.
        case running = "RUNNING"
        case succeeded = "SUCCEEDED"
        case failed = "FAILED"
        /// It was not to run; the reason says why.
        case skipped = "SKIPPED"
    }

    package var id: AutomationRunID
    package var organizationID: OrganizationID
    package var automationID: AutomationID
    /// The event's id, or the time on the clock: unique for the automation.
    package var occasion: String
    package var eventType: String
    package var eventID: EventID?
    package var depth: Int
    package var status: Status
    package var code: Code?
    package var reason: String?
    package var results: [ActionResult]
    package var createdAt: Instant
    package var finishedAt: Instant?

    /// Why it did not run, or not to its end.
    package enum Code: String, Sendable, CaseIterable, APIEnum {
        case conditions
        case depthLimit = "depth_limit"
        case cooldown
        case hourlyLimit = "hourly_limit"
        case actionFailed = "action_failed"
        case authorLeft = "author_left"
    }
}

extension AutomationRun: APIObject {
    package static let name = "AutomationRun"
    package static let properties: [Property<Self>] = [
        Property("id", "The run's id.") { $0.id },
        Property("automationId", "The automation.") { $0.automationID },
        Property("trigger", "What made it run: the event's type, or schedule.") { $0.eventType },
        Property("triggerEventId", "The event; null for schedule.") { $0.eventID },
        Property("depth", "How many automations led to the event, one after the other.") { $0.depth },
        Property("status", "RUNNING while a request or a generator is at work; SKIPPED: it was not to run.") { $0.status },
        Property("code", "Why it did not run, or not to its end.") { $0.code },
        Property("reason", "The same in words, and what to do.") { $0.reason },
        Property("actionResults", "What each action did.") { $0.results },
        Property("createdAt", "When it ran.") { $0.createdAt },
        Property("finishedAt", "When the last of it was done.") { $0.finishedAt },
    ]
    package static let example = AutomationRun(
        id: ID("cmb2k7q0x0000000000000022"), organizationID: ID("clx789xyz"), automationID: ID("cmb2k7q0x0000000000000021"),
        occasion: "cmb2k7q0x0000000000000009", eventType: "post.created", eventID: ID("cmb2k7q0x0000000000000009"), depth: 0,
        status: .succeeded, code: nil, reason: nil, results: [.example], createdAt: Instant(seconds: 1_770_114_600),
        finishedAt: Instant(seconds: 1_770_114_600))
}

/// What one action did, or would do.
package struct ActionResult: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable, APIEnum {
        case done = "DONE"
        /// A request or a generator is at work.
        case pending = "PENDING"
        case failed = "FAILED"
        /// A later action failed: what this one did was undone.
        case undone = "UNDONE"
        /// An earlier action failed.
        case notRun = "NOT_RUN"
        /// A dry run: it would work.
        case wouldDo = "WOULD_DO"
    }

    package var index: Int
    package var kind: AutomationAction.Kind
    package var status: Status
    package var summary: String?
    /// The post, medium or task that it is about.
    package var objectID: String?
    package var error: String?
    package var attempts: Int?
}

extension ActionResult: APIObject {
    package static let name = "AutomationActionResult"
    package static let properties: [Property<Self>] = [
        Property("index", "The action's place, from 0.") { $0.index },
        Property("type", "What kind of action.") { $0.kind },
        Property("status", "How it went.") { $0.status },
        Property("summary", "What it did.") { $0.summary },
        Property("objectId", "The post or medium that it made or changed, or the request's id.") { $0.objectID },
        Property("error", "Why it failed, and what is allowed.") { $0.error },
        Property(omittable: "attempts", "How often a request or a generator was tried.") { $0.attempts },
    ]
    package static let example = ActionResult(
        index: 0, kind: .addToCampaign, status: .done, summary: "Post clx123abc is in the campaign \"Q1\".",
        objectID: "clx123abc", error: nil, attempts: nil)

    init?(stored json: JSONValue) {
        guard let index = json["index"]?.int, let kind = (json["type"]?.string).flatMap(AutomationAction.Kind.init(rawValue:)),
            let status = (json["status"]?.string).flatMap(Status.init(rawValue:))
        else { return nil }
        self.init(
            index: Int(index), kind: kind, status: status, summary: json["summary"]?.string, objectID: json["objectId"]?.string,
            error: json["error"]?.string, attempts: (json["attempts"]?.int).map { Int($0) })
    }
}

/// The filters of an automation's runs.
package struct AutomationRunFilter: APIQuery {
    package var statuses: [AutomationRun.Status] = []
    package var since: Instant?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "status", "Only runs of this status.") { $0.statuses = $1 },
        QueryParameter("since", "Only runs from this instant on.") { $0.since = $1 },
    ]
}
