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
