import Contract
import Core
import Foundation
import Relational

extension AnalyticsStore {
    private static let samples = 5_000

    /// From the newest 5,000 publications that were read at least once, at most two years back.
    func bestTimes(_ filter: BestTimesFilter, for caller: Caller) async throws -> BestTimes {
        try await engine.read { connection in
            let settings = try organizations.settings(of: caller.organizationID, on: connection)
            let zone = try AnalyticsFilter.zone(filter.timezone, standard: settings.zone)
            return try bestTimes(
                where: AnalyticsQueries.scope(filter.scope, for: caller), in: caller.organizationID, zone,
                named: filter.timezone ?? settings.timezone, on: connection)
        }
    }

    /// The hours at which a brand's posts on these platforms did better than the ordinary hour does; empty while there are too
    /// few posts to know, or none stands out.
    func goodHours(
        of brand: BrandID, on platforms: [Platform], in organization: OrganizationID, timezone: String,
        on connection: any RelationalConnection
    ) throws -> [BestTimes.Bucket] {
        guard let zone = TimeZone(identifier: timezone) else { return [] }
        let times = try bestTimes(
            where: "brand_id = \(brand) AND platform IN (\(list: platforms.map(\.rawValue)))", in: organization, zone,
            named: timezone, on: connection)
        return times.basis == .own ? times.buckets.filter { $0.posts > 0 && $0.score > 1 } : []
    }

    private func bestTimes(
        where condition: Query, in organization: OrganizationID, _ zone: TimeZone, named timezone: String,
        on connection: any RelationalConnection
    ) throws -> BestTimes {
        let now = ambient.now()
        let samples = try connection.query(
            """
            SELECT w.social_account_id, w.published_at, a.followers, w.post_id, \(InsightQueries.metricColumns(of: "w"))
            FROM (SELECT * FROM post_watch WHERE organization_id = \(organization) AND captured_at IS NOT NULL
                AND published_at >= \(now - .seconds(731 * 86_400))
                AND \(condition)
                ORDER BY published_at DESC LIMIT \(Self.samples)) w
            LEFT JOIN account_watch a
                ON a.organization_id = w.organization_id AND a.social_account_id = w.social_account_id
            """
        ) { row -> BestTimes.Sample? in
            let part = EngagementRate.Part(metrics: InsightQueries.metrics(row, from: 4), followers: row.optionalInt(2))
            guard let rate = EngagementRate([part]) else { return nil }
            return BestTimes.Sample(post: row.id(3), account: row.id(0), publishedAt: row.instant(1), rate: rate.value)
        }
        return BestTimes(samples.compactMap(\.self), now: now, zone: zone, timezone: timezone)
    }
}
