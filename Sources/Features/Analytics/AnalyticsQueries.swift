import Contract
import Core
import Relational

/// The SQL of questions about figures.
enum AnalyticsQueries {
    /// Limits rows that have an account and a post to what was asked for and what the caller may see.
    static func scope(_ scope: AnalyticsScope, for caller: Caller) -> Query {
        var conditions: [Query] = []
        if let accounts = accounts(of: scope, for: caller) {
            conditions.append("social_account_id IN (SELECT id FROM social_account WHERE \(accounts))")
        }
        if let post = scope.postID { conditions.append("post_id = \(post)") }
        var posts: [Query] = []
        if let campaign = scope.campaignID { posts.append("campaign_id = \(campaign)") }
        if let pillar = scope.pillarID { posts.append("pillar_id = \(pillar)") }
        if !posts.isEmpty {
            posts.append("organization_id = \(caller.organizationID)")
            conditions.append("post_id IN (SELECT id FROM post WHERE \(Query.all(posts)))")
        }
        return Query.all(conditions)
    }

    /// Nil: all of the organization's.
    private static func accounts(of scope: AnalyticsScope, for caller: Caller) -> Query? {
        var conditions: [Query] = []
        if let brand = scope.brandID { conditions.append("brand_id = \(brand)") }
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        if caller.isDevelopment { conditions.append("is_sandbox") }
        if !scope.platforms.isEmpty { conditions.append("platform IN (\(list: scope.platforms.map(\.rawValue)))") }
        if let account = scope.accountID { conditions.append("id = \(account)") }
        guard !conditions.isEmpty else { return nil }
        return "organization_id = \(caller.organizationID) AND " + Query.all(conditions)
    }

    /// What was gained in each quarter of an hour on each account: in the order in which the table is stored, so that it is
    /// summed up without sorting.
    static func gains(_ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller) -> Query {
        let sums = Query(
            stringLiteral: Metric.allCases.map { "sum(gained_\(InsightQueries.column($0)))" }.joined(separator: ", "))
        return """
            SELECT quarter, social_account_id, count(*), \(sums) FROM post_snapshot
            WHERE organization_id = \(caller.organizationID)
              AND quarter >= \(PostSnapshot.quarter(of: period.lowerBound))
              AND quarter <= \(PostSnapshot.quarter(of: period.upperBound))
              AND captured_at >= \(period.lowerBound) AND captured_at < \(period.upperBound)
              AND \(self.scope(scope, for: caller))
            GROUP BY quarter, social_account_id
            """
    }

    static func coverage(_ scope: AnalyticsScope, before end: Instant, for caller: Caller) -> Query {
        let counts = Query(
            stringLiteral: Metric.allCases.map { "count(\(InsightQueries.column($0)))" }.joined(separator: ", "))
        return """
            SELECT count(*), count(captured_at), max(captured_at), \(counts) FROM post_watch
            WHERE organization_id = \(caller.organizationID) AND published_at < \(end) AND \(self.scope(scope, for: caller))
            """
    }

    private static func published(_ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller) -> Query {
        """
        organization_id = \(caller.organizationID) AND published_at >= \(period.lowerBound)
          AND published_at < \(period.upperBound) AND \(self.scope(scope, for: caller))
        """
    }

    static func countPosts(_ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller) -> Query {
        "SELECT count(DISTINCT post_id) FROM post_watch WHERE \(published(scope, in: period, for: caller))"
    }

    static func topPosts(_ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller) -> Query {
        """
        SELECT post_id,
            sum(coalesce(likes, 0) + coalesce(comments, 0) + coalesce(shares, 0) + coalesce(saves, 0)) AS interactions
        FROM post_watch WHERE \(published(scope, in: period, for: caller)) AND captured_at IS NOT NULL
          AND EXISTS (SELECT 1 FROM post WHERE organization_id = post_watch.organization_id AND id = post_watch.post_id
              AND deleted_at IS NULL)
        GROUP BY post_id ORDER BY interactions DESC, post_id DESC LIMIT 10
        """
    }

    static func heading(of post: PostID, in organization: OrganizationID) -> Query {
        """
        SELECT title, substr(caption, 1, 140), published_at FROM post
        WHERE organization_id = \(organization) AND id = \(post)
        """
    }

    static func pillars(_ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller) -> Query {
        """
        SELECT pillar_id, count(*) FROM post
        WHERE organization_id = \(caller.organizationID) AND id IN (
            SELECT post_id FROM post_watch WHERE \(published(scope, in: period, for: caller)))
        GROUP BY pillar_id
        """
    }

    static func pillarLabels(in organization: OrganizationID) -> Query {
        """
        SELECT id, name, target_percentage FROM content_label
        WHERE organization_id = \(organization) AND kind = 'pillar' AND deleted_at IS NULL
        ORDER BY display_order, id LIMIT 200
        """
    }

    /// The accounts of the question, with the followers at the period's end, before its beginning, and first in it.
    static func followers(_ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller) -> Query {
        let ofAccount: Query = """
            FROM account_snapshot s WHERE s.organization_id = a.organization_id AND s.social_account_id = a.id
            AND s.followers IS NOT NULL
            """
        let condition = accounts(of: scope, for: caller) ?? "organization_id = \(caller.organizationID)"
        return """
            SELECT a.id, a.platform, a.username,
                (SELECT s.followers \(ofAccount) AND s.captured_at < \(period.upperBound)
                    ORDER BY s.captured_at DESC LIMIT 1),
                (SELECT s.captured_at \(ofAccount) AND s.captured_at < \(period.upperBound)
                    ORDER BY s.captured_at DESC LIMIT 1),
                (SELECT s.followers \(ofAccount) AND s.captured_at < \(period.lowerBound)
                    ORDER BY s.captured_at DESC LIMIT 1),
                (SELECT s.followers \(ofAccount) AND s.captured_at >= \(period.lowerBound)
                    AND s.captured_at < \(period.upperBound) ORDER BY s.captured_at LIMIT 1)
            FROM (SELECT organization_id, id, platform, username FROM social_account WHERE \(condition)) a
            ORDER BY a.id
            """
    }

    static func snapshots(of publication: PublicationID, in organization: OrganizationID, limit: Int) -> Query {
        """
        SELECT \(snapshotColumns) FROM post_snapshot
        WHERE organization_id = \(organization) AND publication_id = \(publication) ORDER BY sequence DESC LIMIT \(limit)
        """
    }

    // MARK: Export

    static let snapshotColumns: Query = """
        organization_id, sequence, captured_at, publication_id, post_id, social_account_id, \(InsightQueries.metricColumns), \
        \(InsightQueries.gainColumns)
        """

    static func decodeSnapshot(_ row: any ResultRow) throws -> PostSnapshot {
        PostSnapshot(
            organizationID: row.id(0), sequence: row.int(1), capturedAt: row.instant(2), publicationID: row.id(3),
            postID: row.id(4), accountID: row.id(5), metrics: InsightQueries.metrics(row, from: 6),
            gained: InsightQueries.metrics(row, from: 6 + Metric.allCases.count))
    }

    /// The next snapshots of an export, in the order in which the table is stored.
    static func piece(_ range: ExportRange, after place: ExportPlace, limit: Int, for caller: Caller) -> Query {
        """
        SELECT \(snapshotColumns) FROM post_snapshot
        WHERE organization_id = \(caller.organizationID)
          AND (quarter, social_account_id, sequence) > (\(place.quarter), \(place.account), \(place.sequence))
          AND sequence > \(range.after) AND sequence <= \(range.last) AND captured_at >= \(range.since)
          AND \(scope(range.scope, for: caller))
        ORDER BY quarter, social_account_id, sequence LIMIT \(limit)
        """
    }

    static func lastSnapshot(in organization: OrganizationID) -> Query {
        "SELECT sequence, at FROM analytics_clock WHERE organization_id = \(organization)"
    }

    static func accountPlatforms(in organization: OrganizationID) -> Query {
        "SELECT id, platform FROM social_account WHERE organization_id = \(organization)"
    }
}
