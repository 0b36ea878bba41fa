import Contract
import Core
import Relational

/// The SQL of campaigns.
enum CampaignQueries {
    static let columns: Query = """
        organization_id, id, brand_id, name, description, goal, color, starts_at, ends_at, status, started_at, ended_at, \
        created_at, updated_at, version
        """

    static func decode(_ row: any ResultRow) throws -> Campaign {
        Campaign(
            id: row.id(1), organizationID: row.id(0), brandID: row.id(2), title: row.text(3), description: row.optionalText(4),
            goal: row.optionalText(5), color: row.optionalText(6), startsAt: row.optionalInstant(7),
            endsAt: row.optionalInstant(8), status: try row.value(9), startedAt: row.optionalInstant(10),
            endedAt: row.optionalInstant(11), createdAt: row.instant(12), updatedAt: row.instant(13), version: row.int(14))
    }

    static func list(_ filter: CampaignFilter, for caller: Caller, _ page: PageRequest) -> Query {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", "deleted_at IS NULL", page.condition("id")]
        if !filter.statuses.isEmpty { conditions.append("status IN (\(list: filter.statuses.map(\.rawValue)))") }
        if let brand = filter.brandID { conditions.append("brand_id = \(brand)") }
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        return "SELECT \(columns) FROM campaign WHERE \(Query.all(conditions)) \(page.tail("id"))"
    }

    private static func nextChange(of campaign: Campaign) -> Instant? {
        campaign.status.nextChange(startsAt: campaign.startsAt, endsAt: campaign.endsAt)
    }

    static func insert(_ campaign: Campaign) -> Query {
        """
        INSERT INTO campaign (\(columns), next_change_at)
        VALUES (\(campaign.organizationID), \(campaign.id), \(campaign.brandID), \(campaign.title), \(campaign.description),
                \(campaign.goal), \(campaign.color), \(campaign.startsAt), \(campaign.endsAt), \(campaign.status),
                \(campaign.startedAt), \(campaign.endedAt), \(campaign.createdAt), \(campaign.updatedAt), \(campaign.version),
                \(nextChange(of: campaign)))
        """
    }

    static func update(_ campaign: Campaign) -> Query {
        """
        UPDATE campaign SET brand_id = \(campaign.brandID), name = \(campaign.title), description = \(campaign.description),
            goal = \(campaign.goal), color = \(campaign.color), starts_at = \(campaign.startsAt), ends_at = \(campaign.endsAt),
            status = \(campaign.status), started_at = \(campaign.startedAt), ended_at = \(campaign.endedAt),
            next_change_at = \(nextChange(of: campaign)), updated_at = \(campaign.updatedAt), version = \(campaign.version)
        WHERE organization_id = \(campaign.organizationID) AND id = \(campaign.id)
        """
    }

    static let nextChange: Query = "SELECT min(next_change_at) FROM campaign WHERE next_change_at IS NOT NULL"

    static func due(at now: Instant, limit: Int) -> Query {
        """
        SELECT \(columns) FROM campaign WHERE next_change_at IS NOT NULL AND next_change_at <= \(now)
        ORDER BY next_change_at LIMIT \(limit) \(.skipLocked)
        """
    }

    /// The posts that a pause concerns: those that wait, and those that wait on some account only, because it has a time of
    /// its own.
    static func unfinished(_ campaign: Campaign) -> Query {
        """
        SELECT \(PostQueries.columns) FROM post
        WHERE organization_id = \(campaign.organizationID) AND campaign_id = \(campaign.id)
          AND status IN ('SCHEDULED', 'PUBLISHING') AND deleted_at IS NULL
        """
    }

    static func countByStatus(_ campaign: Campaign) -> Query {
        """
        SELECT status, count(*) FROM post WHERE organization_id = \(campaign.organizationID) AND campaign_id = \(campaign.id)
            AND deleted_at IS NULL GROUP BY status ORDER BY status
        """
    }

    static func countByPlatform(_ campaign: Campaign) -> Query {
        """
        SELECT publication.platform, count(*) FROM post JOIN publication
            ON publication.organization_id = post.organization_id AND publication.post_id = post.id
        WHERE post.organization_id = \(campaign.organizationID) AND post.campaign_id = \(campaign.id) AND post.deleted_at IS NULL
            AND publication.state = 'PUBLISHED' AND publication.part = 0
        GROUP BY publication.platform ORDER BY publication.platform
        """
    }

    static func span(of campaign: Campaign) -> Query {
        """
        SELECT min(scheduled_for), max(scheduled_for) FROM post
        WHERE organization_id = \(campaign.organizationID) AND campaign_id = \(campaign.id) AND deleted_at IS NULL
        """
    }
}
