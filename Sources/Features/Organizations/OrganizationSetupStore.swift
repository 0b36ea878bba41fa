import Contract
package import Core
import Relational

/// Makes organizations that are ready to work with.
package struct OrganizationSetupStore: Sendable {
    let organizations: OrganizationStore
    let members: MemberStore
    let brands: BrandStore
    let accounts: AccountStore
    let keys: KeyStore
    let platforms: [Platform]

    package init(
        organizations: OrganizationStore, members: MemberStore, brands: BrandStore, accounts: AccountStore, keys: KeyStore,
        platforms: [Platform]
    ) {
        self.organizations = organizations
        self.members = members
        self.brands = brands
        self.accounts = accounts
        self.keys = keys
        self.platforms = platforms
    }

    /// True while there is no organization.
    package func isFirst() async throws -> Bool { try await organizations.ids(limit: 1).isEmpty }

    /// Creates everything in one transaction. Running it again makes another organization.
    package func create(_ outline: OrganizationOutline) async throws -> NewOrganization {
        let ambient = organizations.ambient
        return try await organizations.engine.write { connection in
            let now = ambient.now()
            let organization = Organization(
                id: ambient.newID(), name: outline.name, plan: outline.plan, requestsPerHour: outline.requestsPerHour,
                createdAt: now, updatedAt: now, version: 1)
            try organizations.insert(organization, on: connection)
            let user = try members.add(email: outline.email, role: .owner, to: organization.id, on: connection)
            let brand = try brands.insert(
                name: outline.brand, colors: Brand.defaultColors, brandCards: true, in: organization.id, on: connection)
            let added = try platforms.map { platform in
                var account = SocialAccount(
                    id: ambient.newID(), organizationID: organization.id, brandID: brand.id, platform: platform, externalID: "",
                    username: "", displayName: nil, baseURL: "", isSandbox: true, status: .active, lastError: nil,
                    createdAt: now, updatedAt: now, version: 1)
                let token = AccountsAPI.makeSandbox(&account, username: Self.username(outline.brand))
                try accounts.insert(account, token: token, on: connection)
                return NewOrganization.NewAccount(id: account.id, platform: platform, username: account.username)
            }
            var input = KeyInput()
            input.name = "Setup"
            input.scope = .admin
            input.isDevelopment = outline.isDevelopment
            let key = try keys.create(input, in: organization.id, by: user, on: connection)
            return NewOrganization(
                organizationID: organization.id, brandID: brand.id, userID: user, apiKey: key.secret, accounts: added)
        }
    }

    private static func username(_ brand: String) -> String {
        let letters = brand.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
        return letters.isEmpty ? "sandbox" : String(String.UnicodeScalarView(letters))
    }
}
