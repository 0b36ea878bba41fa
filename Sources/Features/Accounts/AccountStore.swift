package import Contract
package import Core
package import Relational

/// Reads and writes social accounts. Tokens are sealed, in a column of their own, and leave through ``credential`` only.
package struct AccountStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let box: SecretBox
    private let outbox: Outbox

    package init(engine: any RelationalEngine, ambient: Ambient, box: SecretBox, outbox: Outbox) {
        self.engine = engine
        self.ambient = ambient
        self.box = box
        self.outbox = outbox
    }

    private static let columns: Query = """
        organization_id, id, brand_id, platform, external_id, username, display_name, base_url, is_sandbox, status, last_error, \
        created_at, updated_at, version
        """

    private static func decode(_ row: any ResultRow) throws -> SocialAccount {
        SocialAccount(
            id: row.id(1), organizationID: row.id(0), brandID: row.id(2), platform: try row.value(3), externalID: row.text(4),
            username: row.text(5), displayName: row.optionalText(6), baseURL: row.text(7), isSandbox: row.bool(8),
            status: try row.value(9), lastError: row.optionalText(10), createdAt: row.instant(11), updatedAt: row.instant(12),
            version: row.int(13))
    }

    private static func context(_ organization: OrganizationID, _ id: SocialAccountID) -> String {
        "social_account|token|\(organization)|\(id)"
    }

    /// The account; nil also when it was disconnected or belongs to another organization.
    package func find(
        _ id: SocialAccountID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> SocialAccount? {
        try connection.first(
            """
            SELECT \(Self.columns) FROM social_account
            WHERE organization_id = \(organization) AND id = \(id) AND status <> 'DISCONNECTED'
            """, Self.decode)
    }

    package func find(_ id: SocialAccountID, for caller: Caller) async throws -> SocialAccount? {
        let account = try await engine.readByKey { try find(id, in: caller.organizationID, on: $0) }
        return account.flatMap { Self.isVisible($0, to: caller) ? $0 : nil }
    }

    /// What publishing needs: the account, whatever its status, and its token.
    package func credential(
        _ id: SocialAccountID, in organization: OrganizationID
    ) async throws -> (account: SocialAccount, token: Secret)? {
        let found = try await engine.readByKey { connection in
            try connection.first(
                "SELECT \(Self.columns), token_sealed FROM social_account WHERE organization_id = \(organization) AND id = \(id)"
            ) { row in (try Self.decode(row), row.text(14)) }
        }
        guard let (account, sealed) = found else { return nil }
        return (account, try box.open(sealed, context: Self.context(organization, id)))
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
                SELECT \(Self.columns) FROM social_account WHERE \(Query.all(conditions)) \(page.tail("id"))
                """, Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// The accounts of a brand that can publish, in order of connection.
    package func publishable(
        brand: BrandID, in organization: OrganizationID, sandboxOnly: Bool, on connection: any RelationalConnection
    ) throws -> [SocialAccount] {
        try connection.query(
            """
            SELECT \(Self.columns) FROM social_account
            WHERE organization_id = \(organization) AND brand_id = \(brand) AND status = 'ACTIVE'
            ORDER BY id LIMIT 200
            """, Self.decode
        ).filter { !sandboxOnly || $0.isSandbox }
    }

    /// Adds an account on the caller's transaction.
    package func insert(_ account: SocialAccount, token: Secret, on connection: any RelationalConnection) throws {
        let sealed = try box.seal(token, context: Self.context(account.organizationID, account.id))
        do {
            try connection.execute(
                """
                INSERT INTO social_account (\(Self.columns), token_sealed)
                VALUES (\(account.organizationID), \(account.id), \(account.brandID), \(account.platform), \(account.externalID),
                        \(account.username), \(account.displayName), \(account.baseURL), \(account.isSandbox), \(account.status),
                        \(account.lastError), \(account.createdAt), \(account.updatedAt), \(account.version), \(sealed))
                """)
        } catch RelationalError.unique {
            throw APIError(
                .conflict, "This \(account.platform.rawValue) profile is connected already.",
                details: [FieldIssue("externalId", "must not be connected twice")])
        }
    }

    /// Adds an account unless the plan's accounts are all connected; sandbox accounts do not count.
    package func connect(
        _ account: SocialAccount, token: Secret, within organizations: OrganizationStore, for caller: Caller
    ) async throws {
        try await engine.write { connection in
            let limit = try organizations.limits(of: account.organizationID, on: connection).socialAccounts
            if let limit, !account.isSandbox, try connectedCount(in: account.organizationID, on: connection) >= limit {
                throw APIError(.quotaExceeded, "The plan's \(limit) social accounts are all connected.")
            }
            try insert(account, token: token, on: connection)
            try outbox.append(
                AccountConnected(account), for: account.organizationID, brand: account.brandID, user: caller.userID,
                on: connection)
        }
        outbox.wake.signal()
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

    /// Marks the account as refused by its platform, on the transaction that records the failure.
    package func markNeedsReconnect(
        _ id: SocialAccountID, in organization: OrganizationID, because reason: String, on connection: any RelationalConnection
    ) throws {
        let changed = try connection.execute(
            """
            UPDATE social_account SET status = 'NEEDS_RECONNECT', last_error = \(reason), updated_at = \(ambient.now()),
                version = version + 1
            WHERE organization_id = \(organization) AND id = \(id) AND status = 'ACTIVE'
            """)
        guard changed == 1, let account = try find(id, in: organization, on: connection) else { return }
        try outbox.append(
            AccountDisconnected(account), for: organization, brand: account.brandID, user: nil, on: connection)
    }

    /// Changes status and, when given, the token; a new token also makes the account ACTIVE again.
    package func update(
        _ id: SocialAccountID, status: SocialAccount.Status?, token: Secret?, for caller: Caller
    ) async throws -> SocialAccount {
        let updated = try await engine.write { connection in
            guard var account = try find(id, in: caller.organizationID, on: connection), Self.isVisible(account, to: caller)
            else {
                throw APIError.notFound("social account")
            }
            try caller.checkVersion(account.version)
            let previous = account.status
            if token != nil {
                account.status = .active
                account.lastError = nil
            }
            account.status = status ?? account.status
            account.updatedAt = ambient.now()
            account.version += 1
            try connection.execute(
                """
                UPDATE social_account SET status = \(account.status), last_error = \(account.lastError),
                    updated_at = \(account.updatedAt), version = \(account.version)
                WHERE organization_id = \(account.organizationID) AND id = \(id)
                """)
            if let token {
                let sealed = try box.seal(token, context: Self.context(account.organizationID, id))
                try connection.execute(
                    """
                    UPDATE social_account SET token_sealed = \(sealed)
                    WHERE organization_id = \(account.organizationID) AND id = \(id)
                    """)
            }
            if account.status != previous {
                let isBack = account.status == .active
                let event: any Event = isBack ? AccountConnected(account) : AccountDisconnected(account)
                try outbox.append(
                    event, for: account.organizationID, brand: account.brandID, user: caller.userID, on: connection)
            }
            return account
        }
        outbox.wake.signal()
        return updated
    }

    /// Disconnects every account of a brand, on the caller's transaction.
    func disconnectAll(of brand: BrandID, by caller: Caller, on connection: any RelationalConnection) throws {
        let connected = try connection.query(
            """
            SELECT \(Self.columns) FROM social_account
            WHERE organization_id = \(caller.organizationID) AND brand_id = \(brand) AND status <> 'DISCONNECTED'
            """, Self.decode)
        for var account in connected {
            account.status = .disconnected
            try connection.execute(
                """
                UPDATE social_account SET status = 'DISCONNECTED', updated_at = \(ambient.now()), version = version + 1
                WHERE organization_id = \(account.organizationID) AND id = \(account.id)
                """)
            try outbox.append(
                AccountDisconnected(account), for: account.organizationID, brand: brand, user: caller.userID, on: connection)
        }
    }

    private static func isVisible(_ account: SocialAccount, to caller: Caller) -> Bool {
        caller.maySee(account.brandID) && (!caller.isDevelopment || account.isSandbox)
    }
}
