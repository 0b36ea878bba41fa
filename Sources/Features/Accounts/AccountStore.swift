package import Contract
package import Core
package import Relational

/// Reads and writes social accounts. Tokens are sealed, in columns of their own, and leave through ``credential`` only.
package struct AccountStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    /// Ends the pause of whoever looks after the accounts when one is due earlier than they know.
    package let careWake = WakeSignal()
    let box: SecretBox
    let outbox: Outbox

    package init(engine: any RelationalEngine, ambient: Ambient, box: SecretBox, outbox: Outbox) {
        self.engine = engine
        self.ambient = ambient
        self.box = box
        self.outbox = outbox
    }

    /// The account; nil also when it was disconnected or belongs to another organization.
    package func find(
        _ id: SocialAccountID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> SocialAccount? {
        try connection.first(
            """
            SELECT \(AccountQueries.columns) FROM social_account
            WHERE organization_id = \(organization) AND id = \(id) AND status <> 'DISCONNECTED'
            """, AccountQueries.decode)
    }

    package func find(_ id: SocialAccountID, for caller: Caller) async throws -> SocialAccount? {
        let account = try await engine.readByKey { try find(id, in: caller.organizationID, on: $0) }
        return account.flatMap { Self.isVisible($0, to: caller) ? $0 : nil }
    }

    /// What acting for the account needs; nil when there never was one. A disconnected account has an empty token.
    package func credential(
        _ id: SocialAccountID, in organization: OrganizationID
    ) async throws -> AccountCredential? {
        try await engine.readByKey { try credential(id, in: organization, on: $0) }
    }

    /// Those of the accounts that are there for this caller, disconnected ones included.
    package func find(_ ids: Set<SocialAccountID>, for caller: Caller) async throws -> [SocialAccountID: SocialAccount] {
        try await engine.read { connection in
            try connection.query(
                """
                SELECT \(AccountQueries.columns) FROM social_account
                WHERE organization_id = \(caller.organizationID) AND id IN (\(list: ids))
                """, AccountQueries.decode
            ).filter { caller.maySee($0.brandID) && ($0.isSandbox || !caller.isDevelopment) }.keyed(by: \.id)
        }
    }

    package func list(for caller: Caller, platform: Platform?, brand: BrandID?, page: PageRequest) async throws -> Page<
        SocialAccount
    > {
        try await engine.read { connection in
            var conditions: [Query] = ["organization_id = \(caller.organizationID)", "status <> 'DISCONNECTED'"]
            conditions.append(page.condition("id"))
            if let platform { conditions.append("platform = \(platform)") }
            if let brand { conditions.append("brand_id = \(brand)") }
            if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
            if caller.isDevelopment { conditions.append("is_sandbox") }
            let rows = try connection.query(
                """
                SELECT \(AccountQueries.columns) FROM social_account WHERE \(Query.all(conditions)) \(page.tail("id"))
                """, AccountQueries.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// The accounts of a brand that can publish, in order of connection.
    package func publishable(
        brand: BrandID, in organization: OrganizationID, sandboxOnly: Bool, on connection: any RelationalConnection
    ) throws -> [SocialAccount] {
        try connection.query(
            """
            SELECT \(AccountQueries.columns) FROM social_account
            WHERE organization_id = \(organization) AND brand_id = \(brand) AND status = 'ACTIVE'
            ORDER BY id LIMIT 200
            """, AccountQueries.decode
        ).filter { !sandboxOnly || $0.isSandbox }
    }

    /// Adds an account on the caller's transaction, with a token that somebody brought.
    package func insert(_ account: SocialAccount, token: Secret, on connection: any RelationalConnection) throws {
        try insert(account, tokens: AccountTokens(access: token, issuedAt: account.createdAt), on: connection)
    }

    func insert(_ account: SocialAccount, tokens: AccountTokens, on connection: any RelationalConnection) throws {
        let (access, refresh) = try seal(tokens, of: account.id, in: account.organizationID)
        do {
            try connection.execute(AccountQueries.insert(account, access: access, refresh: refresh, tokens))
        } catch RelationalError.unique {
            throw APIError(
                .conflict, "This \(account.platform.rawValue) profile is connected already.",
                details: [FieldIssue("externalId", "must not be connected twice")])
        }
        try reschedule(account.id, in: account.organizationID, on: connection)
        try connection.execute(InsightQueries.enroll(account.id, in: account.organizationID, at: ambient.now()))
    }

    /// Adds an account unless the plan's accounts are all connected; sandbox accounts do not count.
    package func connect(
        _ account: SocialAccount, token: Secret, within organizations: OrganizationStore, for caller: Caller
    ) async throws {
        try await engine.write { connection in
            try connect(
                account, tokens: AccountTokens(access: token, issuedAt: account.createdAt), within: organizations,
                by: caller.userID, on: connection)
        }
        signal()
    }

    func connect(
        _ account: SocialAccount, tokens: AccountTokens, within organizations: OrganizationStore, by user: UserID,
        on connection: any RelationalConnection
    ) throws {
        let limit = try organizations.limits(of: account.organizationID, on: connection).socialAccounts
        if let limit, !account.isSandbox, try connectedCount(in: account.organizationID, on: connection) >= limit {
            throw APIError(.quotaExceeded, "The plan's \(limit) social accounts are all connected.")
        }
        try insert(account, tokens: tokens, on: connection)
        try outbox.append(
            AccountConnected(account), for: account.organizationID, brand: account.brandID, user: user, on: connection)
    }

    /// How many accounts count against the plan: all that are connected, sandbox accounts not.
    package func connectedCount(in organization: OrganizationID, on connection: any RelationalConnection) throws -> Int {
        try connection.first(
            """
            SELECT count(*) FROM social_account
            WHERE organization_id = \(organization) AND status <> 'DISCONNECTED' AND NOT is_sandbox
            """
        ) { Int($0.int(0)) } ?? 0
    }

    /// Turns the account on or off, or gives it a token that somebody brought, which makes it ACTIVE again.
    package func update(
        _ id: SocialAccountID, status: SocialAccount.Status?, token: Secret?, profile: VerifiedProfile?, for caller: Caller
    ) async throws -> SocialAccount {
        let updated = try await engine.write { connection in
            let before = try found(id, for: caller, on: connection)
            var account = before
            if let profile { account.show(profile) }
            if let token {
                let now = ambient.now()
                account.lastVerifiedAt = profile == nil ? account.lastVerifiedAt : now
                try replace(
                    AccountTokens(access: token, issuedAt: now), of: &account, keepsRefresh: false, on: connection)
            }
            if let status, status != account.status, status != .active || !account.status.canPublish { account.status = status }
            return try save(account, after: before, by: caller.userID, on: connection)
        }
        signal()
        return updated
    }

    /// Ends the connection: nothing of its tokens is kept. What it published stays in the history.
    package func disconnect(_ id: SocialAccountID, for caller: Caller) async throws {
        try await engine.write { connection in
            try disconnect(try found(id, for: caller, on: connection), by: caller, on: connection)
        }
        signal()
    }

    /// Ends the connections of every account of a brand, on the caller's transaction.
    func disconnectAll(of brand: BrandID, by caller: Caller, on connection: any RelationalConnection) throws {
        let connected = try connection.query(
            """
            SELECT \(AccountQueries.columns) FROM social_account
            WHERE organization_id = \(caller.organizationID) AND brand_id = \(brand) AND status <> 'DISCONNECTED'
            """, AccountQueries.decode)
        for account in connected { _ = try disconnect(account, by: caller, on: connection) }
    }

    private func disconnect(
        _ before: SocialAccount, by caller: Caller, on connection: any RelationalConnection
    ) throws -> SocialAccount {
        var account = before
        account.status = .disconnected
        try connection.execute(
            AccountQueries.replaceTokens(
                account.id, in: account.organizationID, access: "", refresh: nil,
                AccountTokens(access: Secret(""), issuedAt: ambient.now()), keepsRefresh: false))
        return try save(account, after: before, by: caller.userID, on: connection)
    }

    private func found(
        _ id: SocialAccountID, for caller: Caller, on connection: any RelationalConnection
    ) throws -> SocialAccount {
        guard let account = try find(id, in: caller.organizationID, on: connection), Self.isVisible(account, to: caller) else {
            throw APIError.notFound("social account")
        }
        try caller.checkVersion(account.version)
        return account
    }

    private static func isVisible(_ account: SocialAccount, to caller: Caller) -> Bool {
        caller.maySee(account.brandID) && (!caller.isDevelopment || account.isSandbox)
    }

    // MARK: Writing

    /// Writes the account as its next version, with the event of its change when it became able or unable to publish.
    @discardableResult
    func save(
        _ changed: SocialAccount, after before: SocialAccount, by user: UserID?, on connection: any RelationalConnection
    ) throws -> SocialAccount {
        var account = changed
        account.updatedAt = ambient.now()
        account.version += 1
        try connection.execute(AccountQueries.update(account))
        try reschedule(account.id, in: account.organizationID, on: connection)
        let isUp = account.status.canPublish
        guard account.status != before.status, !(isUp && before.status.canPublish) else { return account }
        let event: any Event = isUp ? AccountConnected(account) : AccountDisconnected(account)
        try outbox.append(event, for: account.organizationID, brand: account.brandID, user: user, on: connection)
        return account
    }

    /// Gives the account new tokens and makes it ACTIVE; ``save(_:after:by:on:)`` has to follow.
    func replace(
        _ tokens: AccountTokens, of account: inout SocialAccount, keepsRefresh: Bool, on connection: any RelationalConnection
    ) throws {
        let (access, refresh) = try seal(tokens, of: account.id, in: account.organizationID)
        try connection.execute(
            AccountQueries.replaceTokens(
                account.id, in: account.organizationID, access: access, refresh: refresh, tokens, keepsRefresh: keepsRefresh))
        account.status = .active
        account.lastError = nil
        account.lastErrorCode = nil
        account.scopes = tokens.scopes
        account.tokenExpiresAt = tokens.expiresAt
    }

    func signal() {
        outbox.wake.signal()
        careWake.signal()
    }

    // MARK: Secrets

    private static func context(_ part: String, _ id: SocialAccountID, in organization: OrganizationID) -> String {
        "social_account|\(part)|\(organization)|\(id)"
    }

    func seal(
        _ tokens: AccountTokens, of id: SocialAccountID, in organization: OrganizationID
    ) throws -> (access: String, refresh: String?) {
        (
            try box.seal(tokens.access, context: Self.context("token", id, in: organization)),
            try tokens.refresh.map { try box.seal($0, context: Self.context("refresh", id, in: organization)) }
        )
    }

    func credential(
        _ id: SocialAccountID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> AccountCredential? {
        try connection.first(AccountQueries.credential(id, in: organization), open)
    }

    func open(_ row: any ResultRow) throws -> AccountCredential {
        let account = try AccountQueries.decode(row)
        let sealed = AccountQueries.SealedTokens(row)
        func opened(_ part: String, _ text: String) throws -> Secret {
            try box.open(text, context: Self.context(part, account.id, in: account.organizationID))
        }
        return AccountCredential(
            account: account,
            tokens: AccountTokens(
                access: sealed.access.isEmpty ? Secret("") : try opened("token", sealed.access),
                refresh: try sealed.refresh.map { try opened("refresh", $0) },
                issuedAt: sealed.issuedAt ?? account.createdAt, expiresAt: account.tokenExpiresAt,
                refreshExpiresAt: sealed.refreshExpiresAt, scopes: account.scopes, clientID: sealed.clientID),
            generation: sealed.generation, isWarned: sealed.isWarned)
    }
}
