package import Contract
package import Core
import Relational

extension InsightStore {
    private static let postsOfAnAccount = 50

    /// Makes a post, or an account and its newest posts, due now. Whoever asks is named in the events of it.
    package func refresh(_ input: AnalyticsRefreshInput, for caller: Caller) async throws -> AnalyticsRefresh {
        guard (input.postID == nil) != (input.accountID == nil) else {
            throw APIError.invalid("postId", "or socialAccountId is required, and only one of them")
        }
        let id = ambient.newID(JobID.self)
        let now = ambient.now()
        let refresh = try await engine.write { connection in
            let total: Int
            if let post = input.postID {
                total = try request(post, by: caller, as: id, at: now, on: connection)
            } else if let account = input.accountID {
                total = try request(account, by: caller, as: id, at: now, on: connection)
            } else {
                total = 0
            }
            try connection.execute(
                """
                INSERT INTO analytics_refresh (organization_id, id, total, failed, created_at)
                VALUES (\(caller.organizationID), \(id), \(total), 0, \(now))
                """)
            return AnalyticsRefresh(id: id, total: Int64(total), failed: 0, waiting: Int64(total), createdAt: now)
        }
        wake.signal()
        return refresh
    }

    private func request(
        _ post: PostID, by caller: Caller, as id: JobID, at now: Instant, on connection: any RelationalConnection
    ) throws -> Int {
        let brandOfPost = try connection.first(
            """
            SELECT brand_id FROM post
            WHERE organization_id = \(caller.organizationID) AND id = \(post) AND deleted_at IS NULL
            """
        ) { $0.id(0, BrandID.self) }
        guard let brand = brandOfPost, caller.maySee(brand) else {
            throw APIError.invalid("postId", "names no post of this organization")
        }
        var changed = 0
        for watch in try connection.query(
            InsightQueries.posts(of: post, in: caller.organizationID), InsightQueries.decodePost)
        {
            guard !caller.isDevelopment || watch.isSandbox else { continue }
            changed += try request(watch.publicationID, by: caller, as: id, at: now, on: connection)
        }
        guard changed > 0 else {
            throw APIError(
                .conflict, "The post is not visible on any platform yet, so there is nothing to read.",
                details: [FieldIssue("postId", "must be a post that was published")])
        }
        return changed
    }

    private func request(
        _ account: SocialAccountID, by caller: Caller, as id: JobID, at now: Instant,
        on connection: any RelationalConnection
    ) throws -> Int {
        let found = try accounts.find(account, in: caller.organizationID, on: connection)
        guard let found, caller.maySee(found.brandID), !caller.isDevelopment || found.isSandbox else {
            throw APIError.invalid("socialAccountId", "names no social account of this organization")
        }
        try connection.execute(InsightQueries.enroll(account, in: caller.organizationID, at: now))
        var changed = try connection.execute(InsightQueries.request(account, by: caller, at: now))
        try connection.execute(
            InsightQueries.awaiting(account.rawValue, of: id, in: caller.organizationID, at: now))
        let newest = try connection.query(
            InsightQueries.newestPosts(of: account, in: caller.organizationID, limit: Self.postsOfAnAccount)
        ) { $0.id(0, PublicationID.self) }
        for publication in newest {
            changed += try request(publication, by: caller, as: id, at: now, on: connection)
        }
        return changed
    }

    private func request(
        _ publication: PublicationID, by caller: Caller, as id: JobID, at now: Instant,
        on connection: any RelationalConnection
    ) throws -> Int {
        try connection.execute(
            InsightQueries.awaiting(publication.rawValue, of: id, in: caller.organizationID, at: now))
        return try connection.execute(InsightQueries.request(publication, by: caller, at: now))
    }

    /// A reading that began with the request of `moment`, if there was one, has ended: so has the wait of all refreshes that
    /// asked by then.
    func answer(
        _ target: String, in organization: OrganizationID, askedBy moment: Instant?, isFailed: Bool,
        on connection: any RelationalConnection
    ) throws {
        guard let moment else { return }
        let refreshes = try connection.query(InsightQueries.answer(target, in: organization, askedBy: moment)) {
            $0.id(0, JobID.self)
        }
        guard isFailed else { return }
        for id in refreshes {
            try connection.execute(
                "UPDATE analytics_refresh SET failed = failed + 1 WHERE organization_id = \(organization) AND id = \(id)")
        }
    }

    /// How a refresh goes.
    package func refreshJob(_ id: JobID, for caller: Caller) async throws -> AnalyticsRefresh {
        let organization = caller.organizationID
        let found = try await engine.read { connection in
            try connection.first(
                """
                SELECT total, failed, created_at,
                    (SELECT count(*) FROM analytics_refresh_item
                     WHERE organization_id = \(organization) AND refresh_id = \(id))
                FROM analytics_refresh WHERE organization_id = \(organization) AND id = \(id)
                """
            ) { row in
                AnalyticsRefresh(id: id, total: row.int(0), failed: row.int(1), waiting: row.int(3), createdAt: row.instant(2))
            }
        }
        guard let found else { throw APIError.notFound("refresh") }
        return found
    }
}
