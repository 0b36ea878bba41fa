package import Contract
package import Core

package struct AccountsAPI: Sendable {
    let accounts: AccountStore
    let brands: BrandStore
    let organizations: OrganizationStore
    let verifier: any AccountVerifier

    package init(
        accounts: AccountStore, brands: BrandStore, organizations: OrganizationStore, verifier: any AccountVerifier
    ) {
        self.accounts = accounts
        self.brands = brands
        self.organizations = organizations
        self.verifier = verifier
    }

    package struct Filter: APIQuery {
        var platform: Platform?
        var brandID: BrandID?
        package init() {}
        package static let parameters: [QueryParameter<Self>] = [
            QueryParameter("platform", "Only accounts on this platform.") { $0.platform = $1 },
            QueryParameter("brandId", "Only accounts of this brand.") { $0.brandID = $1 },
        ]
    }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: SocialAccountID.self, "The social account.")
        return [
            Endpoint(
                "GET", "/api/social/accounts", id: "accounts.list", "List the connected social accounts.", scope: .readOnly,
                QueryParameters(Filter.self), PageParameters()
            ) { caller, filter, page in
                Paged(
                    try await accounts.list(for: caller, platform: filter.platform, brand: filter.brandID, page: page))
            },
            Endpoint(
                "POST", "/api/social/accounts", id: "accounts.connect",
                "Connect a social account by its token, or a sandbox one.",
                scope: .admin, errors: [.conflict, .quotaExceeded], JSONBody(SocialAccountInput.self)
            ) { caller, input in
                let account = try await connect(input, for: caller)
                return Created(account, at: "/api/social/accounts/\(account.id)")
            },
            Endpoint(
                "GET", "/api/social/accounts/{id}", id: "accounts.get", "Get a social account.", scope: .readOnly, id
            ) { caller, id in
                guard let account = try await accounts.find(id, for: caller) else { throw APIError.notFound("social account") }
                return OK(account)
            },
            Endpoint(
                "PUT", "/api/social/accounts/{id}", id: "accounts.update",
                "Enable, disable or reconnect a social account; its id stays.", scope: .admin, id,
                JSONBody(SocialAccountChange.self)
            ) { caller, id, change in
                OK(try await update(id, with: change, for: caller))
            },
            Endpoint(
                "DELETE", "/api/social/accounts/{id}", id: "accounts.disconnect",
                "Disconnect a social account. What it published stays in the history.", scope: .admin, id
            ) { caller, id in
                try await accounts.disconnect(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
        ]
    }

    private func connect(_ input: SocialAccountInput, for caller: Caller) async throws -> SocialAccount {
        guard caller.maySee(input.brandID), try await brands.find(input.brandID, in: caller.organizationID) != nil else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
        guard verifier.platforms.contains(input.platform) else {
            let known = verifier.platforms.map(\.rawValue).joined(separator: ", ")
            throw APIError.invalid("platform", "cannot be connected in this version; possible are \(known)")
        }
        if caller.isDevelopment, !input.isSandbox { throw APIError.invalid("sandbox", "must be true for an sk_dev_ key") }
        let now = accounts.ambient.now()
        var account = SocialAccount(
            id: accounts.ambient.newID(), organizationID: caller.organizationID, brandID: input.brandID,
            platform: input.platform,
            externalID: "", username: "", displayName: nil, baseURL: "", isSandbox: input.isSandbox, status: .active,
            lastError: nil, createdAt: now, updatedAt: now, version: 1)
        let token: Secret
        if input.isSandbox {
            token = Self.makeSandbox(&account, username: input.externalID ?? "sandbox-\(account.id.rawValue.suffix(6))")
        } else {
            token = try await verify(input, into: &account)
        }
        try await accounts.connect(account, token: token, within: organizations, for: caller)
        return account
    }

    /// Makes `account` a sandbox account: the simulators know the profile by the token.
    package static func makeSandbox(_ account: inout SocialAccount, username: String) -> Secret {
        account.isSandbox = true
        account.externalID = "\(account.platform.rawValue)-\(account.id)"
        account.username = username
        account.displayName = "\(username) (SANDBOX)"
        return sandboxToken(of: account)
    }

    /// By this alone the simulators know whose account it is: there is no other for it.
    private static func sandboxToken(of account: SocialAccount) -> Secret { Secret("sandbox:\(account.externalID)") }

    private func verify(_ input: SocialAccountInput, into account: inout SocialAccount) async throws -> Secret {
        guard let text = input.accessToken else { throw APIError.invalid("accessToken", "is required unless sandbox is true") }
        guard let baseURL = input.baseURL ?? verifier.defaultBaseURL(of: input.platform) else {
            throw APIError.invalid("baseUrl", "is required for \(input.platform.rawValue): the address of the instance")
        }
        let token = Secret(text)
        guard let address = AccountAddress.normalized(baseURL) else {
            throw APIError.invalid("baseUrl", "must be an address such as https://mastodon.social")
        }
        account.baseURL = address
        let profile = try await verifier.verify(
            platform: input.platform, baseURL: account.baseURL, externalID: input.externalID ?? "", token: token)
        account.externalID = profile.externalID
        account.show(profile)
        account.lastVerifiedAt = account.createdAt
        return token
    }

    private func update(_ id: SocialAccountID, with change: SocialAccountChange, for caller: Caller) async throws
        -> SocialAccount
    {
        if let status = change.status, status != .active, status != .disabled {
            throw APIError.invalid("status", "must be ACTIVE or DISABLED")
        }
        guard let account = try await accounts.find(id, for: caller) else { throw APIError.notFound("social account") }
        // Rehearsed with any token: another account's would open that one, whosever it is.
        let token = change.accessToken.map { account.isSandbox ? Self.sandboxToken(of: account) : Secret($0) }
        var profile: VerifiedProfile?
        if let token, !account.isSandbox {
            let verified = try await verifier.verify(
                platform: account.platform, baseURL: account.baseURL, externalID: account.externalID, token: token)
            guard verified.externalID == account.externalID else {
                throw APIError.invalid(
                    "accessToken", "belongs to another profile (\(verified.username)); connect that one instead")
            }
            profile = verified
        }
        return try await accounts.update(id, status: change.status, token: token, profile: profile, for: caller)
    }
}
