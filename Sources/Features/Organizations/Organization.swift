package import Contract
package import Core

/// A customer: everything belongs to one, and nothing is seen across two.
package struct Organization: Sendable {
    package var id: OrganizationID
    package var name: String
    package var plan: Plan
    /// The organization's own limit, when it has one; otherwise its plan's.
    package var requestsPerHour: Int?
    package var settings = OrganizationSettings()
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
}

extension Organization: APIObject {
    package static let name = "Organization"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The organization's id.") { $0.id },
        Property("name", "Its name.") { $0.name },
        Property("plan", "Its plan.") { $0.plan },
        Property("requestsPerHour", "Its own request limit; null: its plan's.") { $0.requestsPerHour },
        Property("timezone", "Its time zone, an IANA name: for queues, repetition and plans.") { $0.settings.timezone },
        Property("approvalRequired", "Whether what a CREATOR schedules goes to review first.") { $0.settings.approvalRequired },
        Property("approvalStages", "How many approvals a post needs.") { $0.settings.approvalStages },
        Property("selfApproval", "Whether whoever submitted a post may approve it.") { $0.settings.allowsSelfApproval },
        Property("categoryRequired", "Whether a scheduled post needs a category.") { $0.settings.categoryRequired },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Organization(
        id: ID("clx789xyz"), name: "Acme", plan: .growth, requestsPerHour: nil, createdAt: Instant(seconds: 1_770_114_600),
        updatedAt: Instant(seconds: 1_770_114_600), version: 1)
}

/// What an organization decides for itself.
package struct OrganizationSettings: Sendable, Hashable {
    package var timezone = "UTC"
    package var approvalRequired = false
    package var approvalStages = 1
    package var allowsSelfApproval = false
    package var categoryRequired = false
}

/// What a request says of an organization.
package struct OrganizationInput: APIInput {
    package var name: String?
    package var timezone: String?
    package var approvalRequired: Bool?
    package var approvalStages: Int?
    package var allowsSelfApproval: Bool?
    package var categoryRequired: Bool?

    package init() {}

    package static let name = "OrganizationInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "Its name.", .length(1...120)) { $0.name = $1 },
        InputField("timezone", "Its time zone, an IANA name such as Europe/Berlin.", .timezone) { $0.timezone = $1 },
        InputField("approvalRequired", "Whether what a CREATOR schedules goes to review first.") { $0.approvalRequired = $1 },
        InputField("approvalStages", "How many approvals a post needs.", .range(1...5)) { $0.approvalStages = $1 },
        InputField("selfApproval", "Whether whoever submitted a post may approve it.") { $0.allowsSelfApproval = $1 },
        InputField("categoryRequired", "Whether a scheduled post needs a category.") { $0.categoryRequired = $1 },
    ]
    package static let example: JSONValue = ["timezone": "Europe/Berlin", "approvalRequired": true]

    func apply(to organization: inout Organization) {
        organization.name = name ?? organization.name
        organization.settings.timezone = timezone ?? organization.settings.timezone
        organization.settings.approvalRequired = approvalRequired ?? organization.settings.approvalRequired
        organization.settings.approvalStages = approvalStages ?? organization.settings.approvalStages
        organization.settings.allowsSelfApproval = allowsSelfApproval ?? organization.settings.allowsSelfApproval
        organization.settings.categoryRequired = categoryRequired ?? organization.settings.categoryRequired
    }
}
