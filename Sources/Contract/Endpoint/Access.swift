package import Core

/// What a key may do. Each scope includes the ones before it.
package enum Scope: String, Sendable, CaseIterable, Comparable, APIEnum {
    case readOnly = "read-only"
    case readWrite = "read-write"
    case admin

    private var rank: Int {
        switch self {
        case .readOnly: 0
        case .readWrite: 1
        case .admin: 2
        }
    }
    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// Who sends a request: established once, from the key, before any handler runs.
package struct Caller: Sendable {
    package var organizationID: OrganizationID
    package var keyID: KeyID
    /// The member who made the key: events and the audit log name them.
    package var userID: UserID
    package var scope: Scope
    /// Empty: all brands of the organization.
    package var brandIDs: [BrandID]
    /// True for `sk_dev_` keys: they see sandbox accounts only.
    package var isDevelopment: Bool
    /// Requests that the organization may send in an hour.
    package var requestsPerHour: Int

    package init(
        organizationID: OrganizationID, keyID: KeyID, userID: UserID, scope: Scope, brandIDs: [BrandID] = [],
        isDevelopment: Bool = false, requestsPerHour: Int
    ) {
        self.organizationID = organizationID
        self.keyID = keyID
        self.userID = userID
        self.scope = scope
        self.brandIDs = brandIDs
        self.isDevelopment = isDevelopment
        self.requestsPerHour = requestsPerHour
    }

    package func maySee(_ brand: BrandID) -> Bool { brandIDs.isEmpty || brandIDs.contains(brand) }
}
