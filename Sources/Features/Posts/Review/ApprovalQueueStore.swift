package import Contract
package import Core
import Relational

/// The approval queue.
extension PostStore {
    /// Posts in the order of their ids, which is the order in which they were written: the oldest first.
    package func waiting(_ filter: ApprovalFilter, for caller: Caller, page: PageRequest) async throws -> Page<WaitingPost> {
        let now = ambient.now()
        return try await engine.read { connection in
            var conditions: [Query] = [
                "organization_id = \(caller.organizationID)", "deleted_at IS NULL", page.condition("id", ascending: true),
                "status IN (\(list: filter.statuses.map(\.rawValue)))",
            ]
            if filter.isMine == true {
                conditions.append("approval LIKE \(PostQueries.containing("\"\(caller.userID)\"")) ESCAPE '\\'")
            }
            if let platform = filter.platform { conditions.append("platforms LIKE \("%\"\(platform.rawValue)\"%")") }
            if let campaign = filter.campaignID { conditions.append("campaign_id = \(campaign)") }
            if let brand = filter.brandID { conditions.append("brand_id = \(brand)") }
            if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
            if let from = filter.from { conditions.append("scheduled_for >= \(from)") }
            if let to = filter.to { conditions.append("scheduled_for < \(to)") }
            let rows = try connection.query(
                "SELECT \(PostQueries.columns) FROM post WHERE \(Query.all(conditions)) \(page.tail("id", ascending: true))",
                PostQueries.decode)
            return page.page(rows) { Cursor($0.id) }.map { WaitingPost(post: $0, now: now) }
        }
    }

    /// Takes all scheduled posts of a campaign off the schedule, on the transaction that cancels it.
    func cancelAll(of campaign: CampaignID, by caller: Caller, on connection: any RelationalConnection) throws {
        try cancelAll(where: "campaign_id = \(campaign)", by: caller, on: connection)
    }

    /// Takes a brand's posts off the schedule.
    func cancelAll(of brand: BrandID, by caller: Caller, on connection: any RelationalConnection) throws {
        try cancelAll(where: "brand_id = \(brand)", by: caller, on: connection)
    }

    private func cancelAll(where condition: Query, by caller: Caller, on connection: any RelationalConnection) throws {
        let scheduled = try connection.query(
            """
            SELECT \(PostQueries.columns) FROM post
            WHERE organization_id = \(caller.organizationID) AND \(condition) AND status = 'SCHEDULED'
              AND deleted_at IS NULL
            """, PostQueries.decode)
        for var post in scheduled {
            post.status = .cancelled
            try publications.cancelOpen(of: post, on: connection)
            try save(&post, from: .scheduled, by: caller.userID, on: connection)
        }
    }
}
