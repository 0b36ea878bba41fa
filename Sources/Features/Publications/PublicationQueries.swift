import Contract
import Core
import Relational

/// The SQL of publications and their journal.
enum PublicationQueries {
    static let columns: Query = """
        organization_id, id, post_id, social_account_id, platform, state, wake_at, attempts, reconciliations, fencing_token, \
        platform_post_id, permalink, error_class, error_code, error_message, published_at, created_at, updated_at, part
        """

    static func decode(_ row: any ResultRow) throws -> Publication {
        var publication = Publication(
            id: row.id(1), organizationID: row.id(0), postID: row.id(2), accountID: row.id(3), platform: try row.value(4),
            state: try row.value(5), wakeAt: row.optionalInstant(6), attempts: Int(row.int(7)),
            reconciliations: Int(row.int(8)),
            fencingToken: row.int(9), platformPostID: row.optionalText(10), permalink: row.optionalText(11),
            errorClass: row.optionalText(12), errorCode: row.optionalText(13), errorMessage: row.optionalText(14),
            publishedAt: row.optionalInstant(15), createdAt: row.instant(16), updatedAt: row.instant(17))
        publication.part = Int(row.int(18))
        return publication
    }

    static func ofPost(_ post: PostID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM publication WHERE organization_id = \(organization) AND post_id = \(post) ORDER BY social_account_id, part"
    }

    static func ofPosts(_ posts: [PostID], in organization: OrganizationID) -> Query {
        """
        SELECT \(columns) FROM publication
        WHERE organization_id = \(organization) AND post_id IN (\(list: posts)) ORDER BY id
        """
    }

    static func journals(of posts: [PostID], in organization: OrganizationID) -> Query {
        """
        SELECT sequence, state, fencing_token, handles, detail, at, publication_id FROM publication_journal
        WHERE organization_id = \(organization) AND publication_id IN (
            SELECT id FROM publication WHERE organization_id = \(organization) AND post_id IN (\(list: posts)))
        ORDER BY publication_id, sequence
        """
    }

    static func find(_ id: PublicationID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM publication WHERE organization_id = \(organization) AND id = \(id)"
    }

    /// Plans a publication for `due`; one that is there already is planned again unless it is visible or being published.
    static func plan(
        _ id: PublicationID, of post: Post, part: Int, on account: SocialAccountID, platform: Platform, due: Instant,
        now: Instant
    )
        -> Query
    {
        """
        INSERT INTO publication (\(columns))
        VALUES (\(post.organizationID), \(id), \(post.id), \(account), \(platform), 'PENDING', \(due), 0, 0, 0,
                NULL, NULL, NULL, NULL, NULL, NULL, \(now), \(now), \(part))
        ON CONFLICT (organization_id, post_id, social_account_id, part) DO UPDATE
        SET state = 'PENDING', wake_at = excluded.wake_at, attempts = 0, reconciliations = 0, error_class = NULL,
            error_code = NULL, error_message = NULL, updated_at = excluded.updated_at
        WHERE publication.state IN ('PENDING', 'FAILED', 'CANCELLED')
        """
    }

    static func cancelOpen(of post: Post, except accounts: [SocialAccountID], now: Instant) -> Query {
        var query: Query = """
            UPDATE publication SET state = 'CANCELLED', wake_at = NULL, updated_at = \(now)
            WHERE organization_id = \(post.organizationID) AND post_id = \(post.id) AND state IN ('PENDING', 'FAILED')
            """
        if !accounts.isEmpty {
            query += " AND (social_account_id NOT IN (\(list: accounts)) OR part > \(post.followUpCount))"
        }
        return query
    }

    /// Nothing is due before this: the year 9999. What waits for something else than a time waits until then.
    static let never = Instant(seconds: 253_370_764_800)

    /// Moves what has not begun to another time.
    static func wake(_ publication: Publication, at time: Instant, now: Instant) -> Query {
        """
        UPDATE publication SET wake_at = \(time), updated_at = \(now)
        WHERE organization_id = \(publication.organizationID) AND id = \(publication.id) AND state = 'PENDING'
        """
    }

    /// Makes due what follows a part that is visible.
    static func releaseFollowUps(of post: PostID, in organization: OrganizationID, now: Instant) -> Query {
        """
        UPDATE publication SET wake_at = \(now), updated_at = \(now)
        WHERE organization_id = \(organization) AND post_id = \(post) AND part > 0 AND state = 'PENDING' AND wake_at = \(never)
          AND EXISTS (SELECT 1 FROM publication AS before WHERE before.organization_id = publication.organization_id
            AND before.post_id = publication.post_id AND before.social_account_id = publication.social_account_id
            AND before.part = publication.part - 1 AND before.state = 'PUBLISHED')
        """
    }

    /// Takes back what follows a part that did not become visible.
    static func cancelFollowUps(of publication: Publication, because reason: String, now: Instant) -> Query {
        """
        UPDATE publication SET state = 'CANCELLED', wake_at = NULL, error_class = 'final', error_code = 'part_before_missing',
            error_message = \(reason), updated_at = \(now)
        WHERE organization_id = \(publication.organizationID) AND post_id = \(publication.postID)
          AND social_account_id = \(publication.accountID) AND part > \(publication.part) AND state = 'PENDING'
        """
    }

    /// The platform's ids of a post's parts on an account, for those that are visible.
    static func visibleParts(of publication: Publication) -> Query {
        """
        SELECT part, platform_post_id FROM publication
        WHERE organization_id = \(publication.organizationID) AND post_id = \(publication.postID)
          AND social_account_id = \(publication.accountID) AND state = 'PUBLISHED' AND platform_post_id IS NOT NULL
        """
    }

    static func claim(now: Instant, leaseUntil: Instant, limit: Int) -> Query {
        """
        UPDATE publication SET state = 'PUBLISHING', wake_at = \(leaseUntil), fencing_token = fencing_token + 1, updated_at = \(now)
        WHERE (organization_id, id) IN (
            SELECT organization_id, id FROM publication
            WHERE wake_at IS NOT NULL AND wake_at <= \(now) ORDER BY wake_at LIMIT \(limit) \(.skipLocked))
        RETURNING \(columns)
        """
    }

    static let nextWake: Query = "SELECT min(wake_at) FROM publication WHERE wake_at IS NOT NULL"

    static func update(_ publication: Publication) -> Query {
        """
        UPDATE publication SET state = \(publication.state), wake_at = \(publication.wakeAt), attempts = \(publication.attempts),
            reconciliations = \(publication.reconciliations), platform_post_id = \(publication.platformPostID),
            permalink = \(publication.permalink), error_class = \(publication.errorClass), error_code = \(publication.errorCode),
            error_message = \(publication.errorMessage), published_at = \(publication.publishedAt),
            updated_at = \(publication.updatedAt)
        WHERE organization_id = \(publication.organizationID) AND id = \(publication.id)
          AND fencing_token = \(publication.fencingToken) AND state = 'PUBLISHING'
        """
    }

    static func journal(of id: PublicationID, in organization: OrganizationID) -> Query {
        """
        SELECT sequence, state, fencing_token, handles, detail, at FROM publication_journal
        WHERE organization_id = \(organization) AND publication_id = \(id) ORDER BY sequence
        """
    }

    static func decodeEntry(_ row: any ResultRow) throws -> JournalEntry {
        JournalEntry(
            sequence: Int(row.int(0)), state: try row.value(1), fencingToken: row.int(2),
            handles: StringList.decode(row.text(3)),
            detail: row.optionalText(4), at: row.instant(5))
    }

    static func append(_ entry: JournalEntry, to publication: Publication) -> Query {
        """
        INSERT INTO publication_journal (organization_id, publication_id, sequence, state, fencing_token, handles, detail, at)
        VALUES (\(publication.organizationID), \(publication.id), \(entry.sequence), \(entry.state), \(entry.fencingToken),
                \(StringList.encode(entry.handles)), \(entry.detail), \(entry.at))
        """
    }
}
