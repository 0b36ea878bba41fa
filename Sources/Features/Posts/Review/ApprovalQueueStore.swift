package import Contract
package import Core
package import Relational

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

    /// Schedules the next occurrence of a post that repeats, on the transaction in which this one begins to be published:
    /// so there is exactly one.
    package func repeatIfDue(_ post: Post, on connection: any RelationalConnection) throws {
        guard let recurrence = post.recurrence, let time = post.scheduledFor else { return }
        let zone = try organizations.settings(of: post.organizationID, on: connection).zone
        guard let next = recurrence.next(after: time, in: zone) else { return }
        var copy = post
        copy.id = ambient.newID()
        copy.parentID = post.parentID ?? post.id
        copy.status = .scheduled
        copy.scheduledFor = next
        copy.recurrence = recurrence.afterOne
        copy.externalRef = nil
        // A proposal becomes one post; its repetitions belong to the plan only.
        copy.planItemID = nil
        copy.overrides = post.overrides.map { override in
            var moved = override
            moved.scheduledFor = override.scheduledFor.flatMap { recurrence.next(after: $0, in: zone) }
            return moved
        }
        copy.platformResults = RawJSON("{}")
        copy.failure = nil
        copy.publishedAt = nil
        copy.createdAt = ambient.now()
        copy.updatedAt = copy.createdAt
        copy.version = 1
        do {
            try connection.isolated {
                try organizations.takePostQuota(post.organizationID, on: connection)
                try connection.execute(PostQueries.insert(copy))
                try publications.plan(copy, due: next, on: connection)
                try tell(PostCreated(copy), by: nil, on: connection)
                try tell(PostScheduled(copy), by: nil, on: connection)
            }
        } catch let error as APIError where error.code == .quotaExceeded {
            // The month's posts are used up: this one is published, the series ends here, visibly.
        }
    }
}
