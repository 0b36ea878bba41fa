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

    /// The least role whose keys may use all of this scope, unless an endpoint says otherwise.
    package var role: Role {
        switch self {
        case .readOnly: .viewer
        case .readWrite: .creator
        case .admin: .admin
        }
    }
}

/// Who sends a request: established once, from the key, before any handler runs.
package struct Caller: Sendable {
    package var organizationID: OrganizationID
    package var keyID: KeyID
    /// The member who made the key: events and the audit log name them.
    package var userID: UserID
    package var scope: Scope
    /// What that member is today: a key never may do more than the one who made it.
    package var role: Role
    /// Empty: all brands of the organization.
    package var brandIDs: [BrandID]
    /// True for `sk_dev_` keys: they see sandbox accounts only.
    package var isDevelopment: Bool
    /// Requests that the organization may send in an hour.
    package var requestsPerHour: Int
    /// Addresses and CIDRs that the key may be used from; empty: everywhere.
    package var allowedAddresses: [String]
    /// The version of the API that the key is pinned to.
    package var version: APIVersion
    /// What the request's `If-Match` demands of the resource that it changes.
    package var precondition: Precondition?

    package init(
        organizationID: OrganizationID, keyID: KeyID, userID: UserID, scope: Scope, role: Role = .owner,
        brandIDs: [BrandID] = [], isDevelopment: Bool = false, requestsPerHour: Int, allowedAddresses: [String] = [],
        version: APIVersion = APIHistory.current.newest
    ) {
        self.organizationID = organizationID
        self.keyID = keyID
        self.userID = userID
        self.scope = scope
        self.role = role
        self.brandIDs = brandIDs
        self.isDevelopment = isDevelopment
        self.requestsPerHour = requestsPerHour
        self.allowedAddresses = allowedAddresses
        self.version = version
    }

    package func maySee(_ brand: BrandID) -> Bool { brandIDs.isEmpty || brandIDs.contains(brand) }

    /// Whether `brands`, where none means all, are no more than this key sees itself: nobody grants more than they have.
    package func mayGrant(_ brands: [BrandID]) -> Bool {
        brandIDs.isEmpty || !brands.isEmpty && brands.allSatisfy(brandIDs.contains)
    }

    /// What is about the organization as a whole is not for a key that sees a part of it.
    /// - Parameter why: what is about the whole, as the first half of a sentence.
    /// - Throws: 403.
    package func requireWhole(_ why: String) throws(APIError) {
        guard !brandIDs.isEmpty || isDevelopment else { return }
        throw APIError(.forbidden, "\(why); this key is limited to a part of it.")
    }

    /// Called by whoever is about to change a resource, on the transaction that changes it.
    /// - Throws: 412 when `If-Match` names another version than `present`.
    package func checkVersion(_ present: Int64) throws(APIError) { try precondition?.check(present) }
}
