package import Contract
package import Core

/// What a first organization needs: an owner, a brand, sandbox accounts and an admin key.
package struct OrganizationOutline: Sendable {
    package var name: String
    package var plan: Plan
    package var brand: String
    package var email: String
    package var requestsPerHour: Int?
    /// The key sees sandbox accounts only.
    package var isDevelopment: Bool

    package init(
        name: String, plan: Plan = .starter, brand: String, email: String, requestsPerHour: Int? = nil,
        isDevelopment: Bool = false
    ) {
        self.name = name
        self.plan = plan
        self.brand = brand
        self.email = email
        self.requestsPerHour = requestsPerHour
        self.isDevelopment = isDevelopment
    }
}

/// A new organization, with its admin key in plain: shown this once.
package struct NewOrganization: APIObject {
    package var organizationID: OrganizationID
    package var brandID: BrandID
    package var userID: UserID
    package var apiKey: Secret
    package var accounts: [NewAccount]

    /// One of its sandbox accounts.
    package struct NewAccount: APIObject {
        package var id: SocialAccountID
        package var platform: Platform
        package var username: String

        package static let name = "NewAccount"
        package static let properties: [Property<Self>] = [
            Property("id", "The account's id.") { $0.id },
            Property("platform", "Its platform.") { $0.platform },
            Property("username", "Its name there.") { $0.username },
        ]
        package static let example = NewAccount(id: ID("cmb2k7q0x0000000000000005"), platform: .instagram, username: "acme")
    }

    package static let name = "NewOrganization"
    package static let properties: [Property<Self>] = [
        Property("organizationId", "The organization's id.") { $0.organizationID },
        Property("brandId", "Its brand's id.") { $0.brandID },
        Property("userId", "Its owner's id.") { $0.userID },
        Property("apiKey", "An admin key, shown this once.") { $0.apiKey.reveal() },
        Property("socialAccounts", "One sandbox account for each platform.") { $0.accounts },
    ]
    package static let example = NewOrganization(
        organizationID: ID("clx789xyz"), brandID: ID("clx456def"), userID: ID("cmb2k7q0x0000000000000003"),
        apiKey: Secret("sk_prod_…"), accounts: [.example])
}
