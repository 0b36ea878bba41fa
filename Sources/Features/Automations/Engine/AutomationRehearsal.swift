package import Contract
package import Core

/// On which events an automation is tried.
package struct RehearsalInput: APIInput {
    package var eventID: EventID?
    package var limit = 5

    package init() {}

    package static let name = "AutomationDryRunInput"
    package static let fields: [InputField<Self>] = [
        InputField("eventId", "The event to try; the trigger's last events, when absent.") { $0.eventID = $1 },
        InputField("limit", "How many of the trigger's last events; 5 unless said otherwise.", .range(1...20)) {
            $0.limit = $1
        },
    ]
    package static let example: JSONValue = ["limit": 5]
}

/// What an automation would do. Nothing of it is kept.
package struct AutomationRehearsal: APIObject {
    package var automation: Automation
    package var occasions: [RehearsedOccasion]

    package static let name = "AutomationDryRun"
    package static let properties: [Property<Self>] = [
        Property("automationId", "The automation.") { $0.automation.id },
        Property("trigger", "What makes it run.") { $0.automation.trigger },
        Property("results", "One for each event, newest first; none when the trigger has not happened yet.") { $0.occasions },
    ]
    package static let example = AutomationRehearsal(automation: .example, occasions: [.example])
}

/// What an automation would do on one occasion.
package struct RehearsedOccasion: APIObject {
    package var event: EventRecord
    package var eventID: EventID?
    package var findings: [FilterFinding]
    package var code: AutomationRun.Code?
    package var reason: String?
    package var results: [ActionResult]

    package static let name = "AutomationDryRunResult"
    package static let properties: [Property<Self>] = [
        Property("eventId", "The event; null for schedule.") { $0.eventID },
        Property("event", "Its type, or schedule.") { $0.event.type },
        Property("createdAt", "When it happened.") { $0.event.createdAt },
        Property("matches", "Whether the conditions hold.") { occasion in
            occasion.findings.allSatisfy(\.holds)
        },
        Property("conditions", "Each part of the conditions, and what the event has there.") { $0.findings },
        Property("wouldRun", "Whether it would run; cooldown and hourly limit are left aside.") {
            $0.code == nil || $0.code == .actionFailed || $0.code == .authorLeft
        },
        Property("code", "Why it would not run, or not to its end.") { $0.code },
        Property("reason", "The same in words.") { $0.reason },
        Property("actionResults", "What each action would do.") { $0.results },
    ]
    package static let example = RehearsedOccasion(
        event: EventView.example.event, eventID: ID("cmb2k7q0x0000000000000009"),
        findings: [
            FilterFinding(
                part: "conditions.post.category $eq \"Promotional\"", holds: true, detail: "the event has \"Promotional\" there"
            )
        ], code: nil, reason: nil,
        results: [ActionResult(index: 0, kind: .addTags, status: .wouldDo, summary: "Post clx123abc has the tags promotion.")])
}
