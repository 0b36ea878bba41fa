import Contract
import Core
import Relational

/// The SQL of watches and snapshots.
enum InsightQueries {
    /// A metric's column.
    static func column(_ metric: Metric) -> String {
        switch metric {
        case .videoViews: "video_views"
        case .watchTimeMs: "watch_time_ms"
        case .impressions, .views, .reach, .likes, .comments, .shares, .saves, .clicks, .follows: metric.rawValue
        }
    }

    private static func list(_ prefix: String) -> Query {
        Query(stringLiteral: Metric.allCases.map { prefix + column($0) }.joined(separator: ", "))
    }

    static let metricColumns = list("")
    static func metricColumns(of table: String) -> Query { list(table + ".") }
    static let gainColumns = list("gained_")

    static func values(of metrics: Metrics) -> Query {
        var query: Query = ""
        for (index, metric) in Metric.allCases.enumerated() {
            if index > 0 { query += ", " }
            query += "\(metrics[metric])"
        }
        return query
    }

    static func metrics(_ row: any ResultRow, from start: Int) -> Metrics {
        var metrics = Metrics()
        for (index, metric) in Metric.allCases.enumerated() { metrics[metric] = row.optionalInt(start + index) }
        return metrics
    }

    // MARK: Posts

    private static let postColumns: Query = """
        organization_id, publication_id, post_id, social_account_id, brand_id, platform, platform_post_id, published_at, due_at, \
        failures, last_error, requested_at, requested_by, captured_at, told_at, untold, is_sandbox, \(metricColumns)
        """

    static func decodePost(_ row: any ResultRow) throws -> PostWatch {
        PostWatch(
            organizationID: row.id(0), publicationID: row.id(1), postID: row.id(2), accountID: row.id(3), brandID: row.id(4),
            platform: try row.value(5), platformPostID: row.text(6), publishedAt: row.instant(7), dueAt: row.optionalInstant(8),
            failures: Int(row.int(9)), lastError: row.optionalText(10), requestedAt: row.optionalInstant(11),
            requestedBy: row.optionalID(12), capturedAt: row.optionalInstant(13), toldAt: row.optionalInstant(14),
            untold: StringList.decode(row.text(15)), isSandbox: row.bool(16), metrics: metrics(row, from: 17))
    }

    static func post(_ id: PublicationID, in organization: OrganizationID) -> Query {
        "SELECT \(postColumns) FROM post_watch WHERE organization_id = \(organization) AND publication_id = \(id)"
    }

    static func posts(of post: PostID, in organization: OrganizationID, _ condition: Query = "TRUE") -> Query {
        """
        SELECT \(postColumns) FROM post_watch
        WHERE organization_id = \(organization) AND post_id = \(post) AND \(condition) ORDER BY publication_id
        """
    }

    static func duePosts(at now: Instant, limit: Int) -> Query {
        """
        SELECT \(postColumns) FROM post_watch WHERE due_at IS NOT NULL AND due_at <= \(now)
        ORDER BY due_at LIMIT \(limit) \(.skipLocked)
        """
    }

    /// A publication that became visible is watched from now on; one that is watched already stays as it is.
    static func enroll(_ publication: Publication, at first: Instant?) -> Query {
        """
        INSERT INTO post_watch (organization_id, publication_id, post_id, social_account_id, brand_id, platform,
            platform_post_id, published_at, due_at, failures, untold, is_sandbox)
        SELECT organization_id, \(publication.id), id, \(publication.accountID), brand_id, \(publication.platform),
            \(publication.platformPostID), \(publication.publishedAt), \(first), 0, '[]',
            (SELECT a.is_sandbox FROM social_account a
             WHERE a.organization_id = post.organization_id AND a.id = \(publication.accountID))
        FROM post WHERE organization_id = \(publication.organizationID) AND id = \(publication.postID)
        ON CONFLICT (organization_id, publication_id) DO NOTHING
        """
    }

    static func update(_ watch: PostWatch) -> Query {
        var query: Query = """
            UPDATE post_watch SET due_at = \(watch.dueAt), failures = \(watch.failures), last_error = \(watch.lastError),
                requested_at = \(watch.requestedAt), requested_by = \(watch.requestedBy),
                captured_at = \(watch.capturedAt), told_at = \(watch.toldAt), untold = \(StringList.encode(watch.untold))
            """
        for metric in Metric.allCases {
            query += ", " + Query(stringLiteral: column(metric)) + " = \(watch.metrics[metric])"
        }
        query += " WHERE organization_id = \(watch.organizationID) AND publication_id = \(watch.publicationID)"
        return query
    }

    // MARK: Snapshots

    /// Takes the next `count` numbers, and the moment that these snapshots bear: never before that of an earlier one.
    static func advanceClock(of organization: OrganizationID, by count: Int, at now: Instant) -> Query {
        """
        INSERT INTO analytics_clock (organization_id, sequence, at) VALUES (\(organization), \(count), \(now))
        ON CONFLICT (organization_id) DO UPDATE SET sequence = analytics_clock.sequence + excluded.sequence,
            at = CASE WHEN analytics_clock.at > excluded.at THEN analytics_clock.at ELSE excluded.at END
        RETURNING sequence, at
        """
    }

    static func insert(_ snapshot: PostSnapshot) -> Query {
        """
        INSERT INTO post_snapshot (organization_id, quarter, social_account_id, sequence, publication_id, post_id, captured_at,
            \(metricColumns), \(gainColumns))
        VALUES (\(snapshot.organizationID), \(snapshot.quarter), \(snapshot.accountID), \(snapshot.sequence),
            \(snapshot.publicationID), \(snapshot.postID), \(snapshot.capturedAt), \(values(of: snapshot.metrics)),
            \(values(of: snapshot.gained)))
        """
    }

    // MARK: Accounts

    private static let accountColumns: Query = """
        w.organization_id, w.social_account_id, a.brand_id, a.platform, a.username, w.due_at, w.failures, w.requested_at, \
        w.requested_by, w.captured_at, w.followers, w.following, w.posts, w.highest, a.is_sandbox
        """
    private static let accounts: Query = """
        account_watch w JOIN social_account a ON a.organization_id = w.organization_id AND a.id = w.social_account_id
        """

    static func decodeAccount(_ row: any ResultRow) throws -> AccountWatch {
        AccountWatch(
            organizationID: row.id(0), accountID: row.id(1), brandID: row.id(2), platform: try row.value(3),
            username: row.text(4), dueAt: row.optionalInstant(5), failures: Int(row.int(6)),
            requestedAt: row.optionalInstant(7), requestedBy: row.optionalID(8), capturedAt: row.optionalInstant(9),
            counts: AccountCounts(
                followers: row.optionalInt(10), following: row.optionalInt(11), posts: row.optionalInt(12)),
            highest: row.optionalInt(13), isSandbox: row.bool(14))
    }

    static func account(_ id: SocialAccountID, in organization: OrganizationID) -> Query {
        "SELECT \(accountColumns) FROM \(accounts) WHERE w.organization_id = \(organization) AND w.social_account_id = \(id)"
    }

    static func dueAccounts(at now: Instant, limit: Int) -> Query {
        """
        SELECT \(accountColumns) FROM \(accounts)
        WHERE (w.organization_id, w.social_account_id) IN (
            SELECT organization_id, social_account_id FROM account_watch WHERE due_at IS NOT NULL AND due_at <= \(now)
            ORDER BY due_at LIMIT \(limit) \(.skipLocked))
        ORDER BY w.due_at
        """
    }

    /// A connected account is watched from now on; one that is watched already stays as it is.
    static func enroll(_ account: SocialAccountID, in organization: OrganizationID, at now: Instant) -> Query {
        """
        INSERT INTO account_watch (organization_id, social_account_id, due_at, failures)
        VALUES (\(organization), \(account), \(now), 0) ON CONFLICT (organization_id, social_account_id) DO NOTHING
        """
    }

    static func update(_ watch: AccountWatch, error: String?) -> Query {
        """
        UPDATE account_watch SET due_at = \(watch.dueAt), failures = \(watch.failures), last_error = \(error),
            requested_at = \(watch.requestedAt), requested_by = \(watch.requestedBy),
            captured_at = \(watch.capturedAt), followers = \(watch.counts.followers), following = \(watch.counts.following),
            posts = \(watch.counts.posts), highest = \(watch.highest)
        WHERE organization_id = \(watch.organizationID) AND social_account_id = \(watch.accountID)
        """
    }

    // MARK: Due times

    static let nextDue: [Query] = [
        "SELECT min(due_at) FROM post_watch WHERE due_at IS NOT NULL",
        "SELECT min(due_at) FROM account_watch WHERE due_at IS NOT NULL",
    ]

    static func postpone(_ task: InsightTask, until moment: Instant) -> Query {
        switch task {
        case .post(let watch):
            """
            UPDATE post_watch SET due_at = \(moment)
            WHERE organization_id = \(watch.organizationID) AND publication_id = \(watch.publicationID)
            """
        case .account(let watch):
            """
            UPDATE account_watch SET due_at = \(moment)
            WHERE organization_id = \(watch.organizationID) AND social_account_id = \(watch.accountID)
            """
        }
    }

    static func usage(of account: SocialAccountID, in organization: OrganizationID) -> Query {
        """
        SELECT window_start, used, blocked_until FROM insight_budget
        WHERE organization_id = \(organization) AND social_account_id = \(account)
        """
    }

    static func save(_ usage: RequestBudget.Usage, of account: SocialAccountID, in organization: OrganizationID) -> Query {
        """
        INSERT INTO insight_budget (organization_id, social_account_id, window_start, used, blocked_until)
        VALUES (\(organization), \(account), \(usage.windowStart), \(usage.used), \(usage.blockedUntil))
        ON CONFLICT (organization_id, social_account_id) DO UPDATE
        SET window_start = excluded.window_start, used = excluded.used, blocked_until = excluded.blocked_until
        """
    }
}

extension InsightQueries {
    // MARK: Asking for a reading

    static func request(_ id: PublicationID, by caller: Caller, at now: Instant) -> Query {
        """
        UPDATE post_watch SET \(requested(by: caller, at: now))
        WHERE organization_id = \(caller.organizationID) AND publication_id = \(id)
        """
    }

    static func request(_ id: SocialAccountID, by caller: Caller, at now: Instant) -> Query {
        """
        UPDATE account_watch SET \(requested(by: caller, at: now))
        WHERE organization_id = \(caller.organizationID) AND social_account_id = \(id)
        """
    }

    /// The posts of an account whose plan is not over.
    static func requestPosts(of account: SocialAccountID, by caller: Caller, at now: Instant) -> Query {
        """
        UPDATE post_watch SET \(requested(by: caller, at: now))
        WHERE organization_id = \(caller.organizationID) AND social_account_id = \(account) AND due_at IS NOT NULL
        """
    }

    /// Requests of one thing never go back in time, so that a later reading answers all before it.
    private static func requested(by caller: Caller, at now: Instant) -> Query {
        """
        due_at = \(now), requested_by = \(caller.userID),
            requested_at = CASE WHEN requested_at > \(now) THEN requested_at ELSE \(now) END
        """
    }

    // MARK: Refreshes

    /// `target` is what a refresh waits for: a publication or an account.
    static func awaiting(_ target: String, of refresh: JobID, in organization: OrganizationID, at now: Instant) -> Query {
        """
        INSERT INTO analytics_refresh_item (organization_id, target_id, refresh_id, requested_at)
        VALUES (\(organization), \(target), \(refresh), \(now))
        """
    }

    /// Ends the wait of every refresh that asked by then.
    static func answer(_ target: String, in organization: OrganizationID, askedBy moment: Instant) -> Query {
        """
        DELETE FROM analytics_refresh_item
        WHERE organization_id = \(organization) AND target_id = \(target) AND requested_at <= \(moment)
        RETURNING refresh_id
        """
    }

    /// A publication of the account by its post's id, ours or the platform's.
    static func publication(_ id: String, of account: SocialAccount) -> Query {
        """
        SELECT publication_id, platform_post_id FROM post_watch
        WHERE organization_id = \(account.organizationID) AND social_account_id = \(account.id)
          AND (post_id = \(id) OR platform_post_id = \(id))
        """
    }

    static func newestPosts(of account: SocialAccountID, in organization: OrganizationID, limit: Int) -> Query {
        """
        SELECT publication_id FROM post_watch WHERE organization_id = \(organization) AND social_account_id = \(account)
        ORDER BY published_at DESC LIMIT \(limit)
        """
    }
}
