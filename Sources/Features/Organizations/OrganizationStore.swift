package import Contract
package import Core
package import Relational

/// Reads and writes organizations, their plans and the monthly quota.
package struct OrganizationStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    /// Adds an organization on the caller's transaction.
    package func insert(_ organization: Organization, on connection: any RelationalConnection) throws {
        try connection.execute(
            """
            INSERT INTO organization (id, name, plan, requests_per_hour, created_at, updated_at, version)
            VALUES (\(organization.id), \(organization.name), \(organization.plan),
                    \(organization.requestsPerHour.map(Int64.init)), \(organization.createdAt), \(organization.updatedAt), 1)
            """)
    }

    package func find(_ id: OrganizationID) async throws -> Organization? {
        try await engine.readByKey { try find(id, on: $0) }
    }

    private func find(_ id: OrganizationID, on connection: any RelationalConnection) throws -> Organization? {
        try connection.first(
            """
            SELECT id, name, plan, requests_per_hour, created_at, updated_at, version, timezone, approval_required,
                approval_stages, self_approval, category_required
            FROM organization WHERE id = \(id)
            """
        ) { row in
            Organization(
                id: row.id(0), name: row.text(1), plan: try row.value(2), requestsPerHour: row.optionalInt(3).map(Int.init),
                settings: OrganizationSettings(
                    timezone: row.text(7), approvalRequired: row.bool(8), approvalStages: Int(row.int(9)),
                    allowsSelfApproval: row.bool(10), categoryRequired: row.bool(11)),
                createdAt: row.instant(4), updatedAt: row.instant(5), version: row.int(6))
        }
    }

    /// What the organization decided for itself, on the caller's transaction.
    package func settings(of id: OrganizationID, on connection: any RelationalConnection) throws -> OrganizationSettings {
        try find(id, on: connection)?.settings ?? OrganizationSettings()
    }

    package func update(_ input: OrganizationInput, for caller: Caller) async throws -> Organization {
        try caller.requireWhole("These settings are those of all of the organization")
        return try await engine.write { connection in
            guard var organization = try find(caller.organizationID, on: connection) else {
                throw APIError.notFound("organization")
            }
            try caller.checkVersion(organization.version)
            input.apply(to: &organization)
            organization.version += 1
            organization.updatedAt = ambient.now()
            let settings = organization.settings
            try connection.execute(
                """
                UPDATE organization SET name = \(organization.name), timezone = \(settings.timezone),
                    approval_required = \(settings.approvalRequired), approval_stages = \(settings.approvalStages),
                    self_approval = \(settings.allowsSelfApproval), category_required = \(settings.categoryRequired),
                    updated_at = \(organization.updatedAt), version = \(organization.version)
                WHERE id = \(organization.id)
                """)
            return organization
        }
    }

    /// What is used of the plan.
    package func usage(of id: OrganizationID) async throws -> Usage {
        let now = ambient.now()
        let month = now.calendarMonth
        return try await engine.read { connection in
            guard let organization = try find(id, on: connection) else { throw APIError.notFound("organization") }
            let limits = try limits(of: id, on: connection)
            func number(_ query: Query) throws -> Int64 { try connection.first(query) { $0.int(0) } ?? 0 }
            return Usage(
                plan: organization.plan, monthStart: month.lowerBound, monthEnd: month.upperBound,
                posts: .init(
                    used: try number(
                        "SELECT used FROM post_quota WHERE organization_id = \(id) AND month_start = \(month.lowerBound)"),
                    limit: limits.postsPerMonth.map(Int64.init)),
                accounts: .init(
                    used: try number(
                        """
                        SELECT count(*) FROM social_account
                        WHERE organization_id = \(id) AND status <> 'DISCONNECTED' AND NOT is_sandbox
                        """), limit: limits.socialAccounts.map(Int64.init)),
                storage: .init(
                    used: try number("SELECT used FROM media_usage WHERE organization_id = \(id)"), limit: limits.storageBytes),
                credits: .init(
                    used: try number(
                        """
                        SELECT spent + held FROM credit_batch
                        WHERE organization_id = \(id) AND source = 'PLAN' AND expires_at > \(now)
                        """),
                    limit: try connection.first("SELECT credits_per_month FROM plan WHERE id = \(organization.plan)") {
                        $0.optionalInt(0)
                    } ?? nil),
                requestsPerHour: Int64(limits.requestsPerHour))
        }
    }

    /// The first organizations, in order of creation. For the operator's commands and the first start only.
    package func ids(limit: Int) async throws -> [OrganizationID] {
        try await engine.readByKey { connection in
            try connection.query("SELECT id FROM organization ORDER BY id LIMIT \(limit)") { $0.id(0) }
        }
    }

    /// The organization's limits: its plan's, with its own request limit on top.
    package func limits(of id: OrganizationID, on connection: any RelationalConnection) throws -> PlanLimits {
        let limits = try connection.first(
            """
            SELECT coalesce(o.requests_per_hour, p.requests_per_hour), p.posts_per_month, p.social_accounts, p.storage_bytes
            FROM organization o JOIN plan p ON p.id = o.plan WHERE o.id = \(id)
            """
        ) { row in
            PlanLimits(
                requestsPerHour: Int(row.int(0)), postsPerMonth: row.optionalInt(1).map(Int.init),
                socialAccounts: row.optionalInt(2).map(Int.init), storageBytes: row.optionalInt(3))
        }
        guard let limits else { throw APIError.notFound("organization") }
        return limits
    }

    /// Uses up one post of this calendar month (UTC), on the transaction that creates it.
    /// - Throws: ``APIError`` `quota_exceeded` when the plan's number is reached; nothing is counted then.
    package func takePostQuota(_ id: OrganizationID, on connection: any RelationalConnection) throws {
        guard let limit = try limits(of: id, on: connection).postsPerMonth else { return }
        let month = ambient.now().calendarMonth
        let taken = try connection.first(
            """
            INSERT INTO post_quota (organization_id, month_start, used) VALUES (\(id), \(month.lowerBound), 1)
            ON CONFLICT (organization_id, month_start) DO UPDATE SET used = post_quota.used + 1 WHERE post_quota.used < \(limit)
            RETURNING used
            """
        ) { $0.int(0) }
        guard taken != nil else {
            throw APIError(
                .quotaExceeded,
                "The plan's \(limit) posts of this month are used up; the next month begins at \(month.upperBound).",
                details: [FieldIssue("", "limit \(limit) posts a month")])
        }
    }
}
