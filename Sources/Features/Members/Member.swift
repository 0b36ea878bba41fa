package import Contract
package import Core

/// A user with a role in an organization.
package struct Member: Sendable {
    package var userID: UserID
    package var email: String
    package var name: String?
    package var role: Role
    /// Empty: all.
    package var brandIDs: [BrandID] = []
    package var createdAt: Instant
}

extension Member: APIObject {
    package static let name = "Member"
    package static let properties: [Property<Self>] = [
        Property("userId", "The user.") { $0.userID },
        Property("email", "The user's e-mail address.") { $0.email },
        Property("name", "The user's name.") { $0.name },
        Property("role", "What the member may do.") { $0.role },
        Property("brandIds", "The brands that the member is limited to; empty: all.") { $0.brandIDs },
        Property("createdAt", "When the member joined.") { $0.createdAt },
    ]
    package static let example = Member(
        userID: ID("cmb2k7q0x0000000000000003"), email: "owner@acme.test", name: nil, role: .owner,
        createdAt: Instant(seconds: 1_770_114_600))
}
