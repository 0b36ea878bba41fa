import Contract
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
        try await engine.readByKey { connection in
            try connection.first(
                "SELECT id, name, plan, requests_per_hour, created_at, updated_at, version FROM organization WHERE id = \(id)"
            ) { row in
                Organization(
                    id: row.id(0), name: row.text(1), plan: try row.value(2), requestsPerHour: row.optionalInt(3).map(Int.init),
                    createdAt: row.instant(4), updatedAt: row.instant(5), version: row.int(6))
            }
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
            SELECT coalesce(o.requests_per_hour, p.requests_per_hour), p.posts_per_month, p.social_accounts
            FROM organization o JOIN plan p ON p.id = o.plan WHERE o.id = \(id)
            """
        ) { row in
            PlanLimits(
                requestsPerHour: Int(row.int(0)), postsPerMonth: row.optionalInt(1).map(Int.init),
                socialAccounts: row.optionalInt(2).map(Int.init))
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
