package import Contract
package import Core

/// A customer: everything belongs to one, and nothing is seen across two.
package struct Organization: Sendable {
    package var id: OrganizationID
    package var name: String
    package var plan: Plan
    /// The organization's own limit, when it has one; otherwise its plan's.
    package var requestsPerHour: Int?
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
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Organization(
        id: ID("clx789xyz"), name: "Acme", plan: .growth, requestsPerHour: nil, createdAt: Instant(seconds: 1_770_114_600),
        updatedAt: Instant(seconds: 1_770_114_600), version: 1)
}
