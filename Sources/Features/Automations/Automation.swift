package import Contract
package import Core

/// When something happens, and it is as the conditions say, these things are done.
package struct Automation: Sendable {
    package var id: AutomationID
    package var organizationID: OrganizationID
    /// Who saved it last: it acts in this member's name and with this member's rights.
    package var userID: UserID
    package var title: String
    package var description: String?
    package var isEnabled: Bool
    package var trigger: AutomationTrigger
    /// As they were written; nil: always.
    package var conditions: JSONValue?
    package var actions: [AutomationAction]
    /// Only events of these brands; empty: of all.
    package var brandIDs: [BrandID]
    package var cooldownSeconds: Int
    package var maxRunsPerHour: Int
    /// Saved with an `sk_dev_` key: it sees sandbox accounts only.
    package var isDevelopment: Bool
    /// Only events after this place in the feed count: it was created, or enabled, there.
    package var startPosition: Int64
    /// When it runs next by the clock.
    package var nextRunAt: Instant?
    package var lastRunAt: Instant?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64

    /// Most automations of an organization.
    package static let maximumPerOrganization = 100

    /// - Throws: ``PredicateIssue`` naming the member that is wrong.
    static func predicate(_ conditions: JSONValue?) throws(PredicateIssue) -> Predicate? {
        guard let conditions, conditions != .object([]) else { return nil }
        return try Predicate(conditions, at: "conditions")
    }

    /// Whether an event is one that it is about.
    func isAbout(_ event: EventRecord) -> Bool {
        guard event.type == trigger.type, !event.isTest else { return false }
        return brandIDs.isEmpty || (event.brandID.map(brandIDs.contains) ?? false)
    }
}

extension Automation: APIObject {
    package static let name = "Automation"
    package var entityVersion: Int64? { version }
    package static var isVolatile: Bool { true }
    package static let properties: [Property<Self>] = [
        Property("id", "The automation's id.") { $0.id },
        Property("organizationId", "The organization.") { $0.organizationID },
        Property("userId", "Who saved it last: it acts in this member's name and with this member's rights.") { $0.userID },
        Property("name", "Its name.") { $0.title },
        Property("description", "What it is for.") { $0.description },
        Property("enabled", "Whether it runs.") { $0.isEnabled },
        Property("trigger", "What makes it run.") { $0.trigger },
        Property("conditions", "What must be so; null: it always runs.") { $0.conditions },
        Property("actions", "What it does, in order.") { $0.actions },
        Property("brandIds", "Only events of these brands; empty: of all.") { $0.brandIDs },
        Property("cooldownSeconds", "The least pause between two runs.") { $0.cooldownSeconds },
        Property("maxRunsPerHour", "Most runs within an hour.") { $0.maxRunsPerHour },
        Property("nextRunAt", "When it runs next by the clock; null for events.") { $0.nextRunAt },
        Property("lastRunAt", "When it ran last.") { $0.lastRunAt },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Automation(
        id: ID("cmb2k7q0x0000000000000021"), organizationID: ID("clx789xyz"), userID: ID("cmb2k7q0x0000000000000003"),
        title: "Promotional posts join Q1", description: nil, isEnabled: true,
        trigger: AutomationTrigger(type: "post.created", timetable: nil), conditions: ["post.category": "Promotional"],
        actions: [], brandIDs: [], cooldownSeconds: 0, maxRunsPerHour: 60, isDevelopment: false, startPosition: 0,
        nextRunAt: nil, lastRunAt: Instant(seconds: 1_770_114_600), createdAt: Instant(seconds: 1_770_000_000),
        updatedAt: Instant(seconds: 1_770_000_000), version: 1)
}
