package import Core
import Relational

extension InsightStore {
    /// Adds an account's snapshot, and tells of the thresholds that its followers reached for the first time: each once,
    /// however the number wobbles afterwards. The first reading of an account is where counting begins and tells of none.
    package func record(_ counts: AccountCounts, of claimed: AccountWatch) async throws {
        let told = try await engine.write { connection in
            let present = try connection.first(
                InsightQueries.account(claimed.accountID, in: claimed.organizationID), InsightQueries.decodeAccount)
            guard var watch = present else { return false }
            let now = ambient.now()
            let told = try record(counts, of: &watch, user: claimed.requestedBy, at: now, on: connection)
            if watch.requestedAt == nil || watch.requestedAt == claimed.requestedAt {
                watch.requestedAt = nil
                watch.requestedBy = nil
                watch.dueAt = now + PollPlan.accountPause
            }
            try answer(
                watch.accountID.rawValue, in: watch.organizationID, askedBy: claimed.requestedAt, isFailed: false,
                on: connection)
            try connection.execute(InsightQueries.update(watch, error: nil))
            return told
        }
        if told { outbox.wake.signal() }
    }

    /// - Returns: whether a milestone was told.
    func record(
        _ counts: AccountCounts, of watch: inout AccountWatch, user: UserID?, at now: Instant,
        on connection: any RelationalConnection
    ) throws -> Bool {
        let moment = max(now, watch.capturedAt.map { $0 + .milliseconds(1) } ?? now)
        try connection.execute(
            """
            INSERT INTO account_snapshot (organization_id, social_account_id, captured_at, followers, following, posts)
            VALUES (\(watch.organizationID), \(watch.accountID), \(moment), \(counts.followers), \(counts.following),
                    \(counts.posts))
            """)
        var told = false
        if let followers = counts.followers {
            try accounts.recordFollowers(followers, of: watch.accountID, in: watch.organizationID, on: connection)
            let thresholds = try thresholds(of: watch.organizationID, on: connection)
            for threshold in thresholds.crossed(by: followers, highest: watch.highest) {
                if try tell(threshold, followers, of: watch, user: user, at: moment, on: connection) { told = true }
            }
            watch.highest = max(watch.highest ?? followers, followers)
        }
        watch.capturedAt = moment
        watch.failures = 0
        watch.counts.followers = counts.followers ?? watch.counts.followers
        watch.counts.following = counts.following ?? watch.counts.following
        watch.counts.posts = counts.posts ?? watch.counts.posts
        return told
    }

    /// The table's key is what makes a milestone happen once, whatever the watch says.
    private func tell(
        _ threshold: Int64, _ followers: Int64, of watch: AccountWatch, user: UserID?, at now: Instant,
        on connection: any RelationalConnection
    ) throws -> Bool {
        let added = try connection.execute(
            """
            INSERT INTO follower_milestone (organization_id, social_account_id, threshold, reached_at, followers)
            VALUES (\(watch.organizationID), \(watch.accountID), \(threshold), \(now), \(followers))
            ON CONFLICT (organization_id, social_account_id, threshold) DO NOTHING
            """)
        guard added == 1 else { return false }
        let event = FollowerMilestone(
            socialAccountID: watch.accountID, platform: watch.platform, username: watch.username,
            milestone: Int(clamping: threshold), followerCount: Int(clamping: followers))
        try outbox.append(event, for: watch.organizationID, brand: watch.brandID, user: user, on: connection)
        return true
    }

    func thresholds(
        of organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> FollowerThresholds {
        let text = try connection.first(
            "SELECT follower_thresholds FROM analytics_setting WHERE organization_id = \(organization)"
        ) { $0.optionalText(0) }
        guard let text = text ?? nil else { return .standard }
        return FollowerThresholds(StringList.decode(text).compactMap { Int64($0) })
    }
}
