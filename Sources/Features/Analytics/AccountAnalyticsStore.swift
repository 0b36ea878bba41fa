package import Contract
package import Core
import Relational

extension AnalyticsStore {
    private static let snapshotsOfAnAccount = 400

    package func account(_ id: SocialAccountID, for caller: Caller) async throws -> AccountAnalytics {
        try await engine.read { connection in
            let watch = try connection.first(
                InsightQueries.account(id, in: caller.organizationID), InsightQueries.decodeAccount)
            let isSandbox = try connection.first(
                "SELECT is_sandbox FROM social_account WHERE organization_id = \(caller.organizationID) AND id = \(id)"
            ) { $0.bool(0) }
            guard let watch, caller.maySee(watch.brandID), !caller.isDevelopment || isSandbox == true else {
                throw APIError.notFound("social account")
            }
            let snapshots = try connection.query(
                """
                SELECT captured_at, followers, following, posts FROM account_snapshot
                WHERE organization_id = \(caller.organizationID) AND social_account_id = \(id)
                ORDER BY captured_at DESC LIMIT \(Self.snapshotsOfAnAccount)
                """
            ) { row in
                AccountAnalytics.Snapshot(
                    capturedAt: row.instant(0),
                    counts: AccountCounts(
                        followers: row.optionalInt(1), following: row.optionalInt(2), posts: row.optionalInt(3)))
            }
            let milestones = try connection.query(
                """
                SELECT threshold, reached_at, followers FROM follower_milestone
                WHERE organization_id = \(caller.organizationID) AND social_account_id = \(id)
                ORDER BY threshold DESC LIMIT 400
                """
            ) { row in
                AccountAnalytics.Milestone(threshold: row.int(0), reachedAt: row.instant(1), followers: row.int(2))
            }
            return AccountAnalytics(watch: watch, snapshots: snapshots.reversed(), milestones: milestones)
        }
    }
}
