package import Contract
package import Core
import Foundation
package import Relational

/// Answers questions about figures.
package struct AnalyticsStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let organizations: OrganizationStore

    package init(engine: any RelationalEngine, ambient: Ambient, organizations: OrganizationStore) {
        self.engine = engine
        self.ambient = ambient
        self.organizations = organizations
    }

    private static let snapshotsOfAPublication = 200
    private static let accountsShown = 200

    // MARK: A period

    package func report(_ filter: AnalyticsFilter, for caller: Caller) async throws -> AnalyticsReport {
        let period = try filter.period(at: ambient.now())
        return try await engine.read { connection in
            let settings = try organizations.settings(of: caller.organizationID, on: connection)
            let zone = try AnalyticsFilter.zone(filter.timezone, standard: settings.zone)
            let scope = filter.scope
            let sums = try sums(
                scope, in: period, steps: SeriesBuckets(period, by: filter.granularity, in: zone), for: caller, on: connection)
            let coverage = try coverage(scope, before: period.upperBound, for: caller, on: connection)
            var report = AnalyticsReport(
                period: period, timezone: filter.timezone ?? settings.timezone, granularity: filter.granularity,
                totals: sums.totals, series: sums.series.points,
                platforms: sums.series.byPlatform(
                    try platforms(in: caller.organizationID, on: connection), followers: sums.followers),
                comparison: nil,
                topPosts: try topPosts(scope, in: period, followers: sums.followers, for: caller, on: connection),
                pillars: try pillars(scope, in: period, for: caller, on: connection),
                accounts: Array(sums.accounts.prefix(Self.accountsShown)), coverage: coverage.coverage, asOf: coverage.asOf)
            if filter.comparison == .previous {
                let earlier = (period.lowerBound - (period.upperBound - period.lowerBound))..<period.lowerBound
                let before = try self.sums(
                    scope, in: earlier, steps: SeriesBuckets(earlier, by: .month, in: .gmt), for: caller, on: connection)
                report.comparison = PeriodComparison(earlier, before: before.totals, now: sums.totals)
            }
            return report
        }
    }

    /// What a period came to: of all accounts, however many are shown.
    private struct Sums {
        var series: AnalyticsSeries
        var accounts: [AccountGrowth]
        var followers: [SocialAccountID: Int64]
        var totals: AnalyticsTotals
    }

    private func sums(
        _ scope: AnalyticsScope, in period: Range<Instant>, steps: SeriesBuckets, for caller: Caller,
        on connection: any RelationalConnection
    ) throws -> Sums {
        let accounts = try followers(scope, in: period, for: caller, on: connection)
        let followers = Dictionary(
            accounts.compactMap { account in account.followers.map { (account.accountID, $0) } }
        ) { first, _ in first }
        let series = try series(scope, in: period, steps: steps, for: caller, on: connection)
        let totals = AnalyticsTotals(
            metrics: series.total, engagementRate: series.engagementRate(followers: followers),
            posts: try countPosts(scope, in: period, for: caller, on: connection), readings: series.readings,
            followers: Self.sum(accounts.map(\.followers)), followersGained: Self.sum(accounts.map(\.gained)))
        return Sums(series: series, accounts: accounts, followers: followers, totals: totals)
    }

    private static func sum(_ values: [Int64?]) -> Int64? {
        let known = values.compactMap(\.self)
        return known.isEmpty ? nil : known.reduce(0, &+)
    }

    /// Each row is added up as it comes: two years of quarters on many accounts are millions.
    private func series(
        _ scope: AnalyticsScope, in period: Range<Instant>, steps: SeriesBuckets, for caller: Caller,
        on connection: any RelationalConnection
    ) throws -> AnalyticsSeries {
        var series = AnalyticsSeries(steps)
        _ = try connection.query(AnalyticsQueries.gains(scope, in: period, for: caller)) { row in
            series.add(
                AnalyticsSeries.Gain(
                    at: Instant(milliseconds: row.int(0) &* PostSnapshot.quarterLength), account: row.id(1),
                    readings: row.int(2), metrics: InsightQueries.metrics(row, from: 3)))
        }
        return series
    }

    private func coverage(
        _ scope: AnalyticsScope, before end: Instant, for caller: Caller, on connection: any RelationalConnection
    ) throws -> (coverage: AnalyticsCoverage, asOf: Instant?) {
        let found = try connection.first(AnalyticsQueries.coverage(scope, before: end, for: caller)) { row in
            let counts = Metric.allCases.enumerated().map { (metric: $0.element, count: row.int(3 + $0.offset)) }
            return (
                coverage: AnalyticsCoverage(publications: row.int(0), measured: row.int(1), reported: counts),
                asOf: row.optionalInstant(2)
            )
        }
        return found ?? (AnalyticsCoverage(publications: 0, measured: 0, reported: []), nil)
    }

    private func countPosts(
        _ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller, on connection: any RelationalConnection
    ) throws -> Int64 {
        try connection.first(AnalyticsQueries.countPosts(scope, in: period, for: caller)) { $0.int(0) } ?? 0
    }

    private func platforms(
        in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> [SocialAccountID: Platform] {
        let pairs = try connection.query(AnalyticsQueries.accountPlatforms(in: organization)) { row in
            (row.id(0, SocialAccountID.self), try row.value(1, Platform.self))
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private func topPosts(
        _ scope: AnalyticsScope, in period: Range<Instant>, followers: [SocialAccountID: Int64], for caller: Caller,
        on connection: any RelationalConnection
    ) throws -> [RankedPost] {
        let ids = try connection.query(AnalyticsQueries.topPosts(scope, in: period, for: caller)) { $0.id(0, PostID.self) }
        return try ids.compactMap { id in
            let heading = try connection.first(AnalyticsQueries.heading(of: id, in: caller.organizationID)) { row in
                (title: row.optionalText(0), caption: row.text(1), publishedAt: row.optionalInstant(2))
            }
            guard let heading else { return nil }
            let watches = try watches(of: id, scope, for: caller, on: connection)
            return RankedPost(
                postID: id, title: heading.title, caption: heading.caption, publishedAt: heading.publishedAt,
                platforms: watches.map(\.platform), metrics: watches.reduce(Metrics()) { $0.adding($1.metrics) },
                engagementRate: EngagementRate(watches.map { .init(metrics: $0.metrics, followers: followers[$0.accountID]) }))
        }
    }

    private func watches(
        of post: PostID, _ scope: AnalyticsScope, for caller: Caller, on connection: any RelationalConnection
    ) throws -> [PostWatch] {
        try connection.query(
            InsightQueries.posts(of: post, in: caller.organizationID, AnalyticsQueries.scope(scope, for: caller)),
            InsightQueries.decodePost)
    }

    private func pillars(
        _ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller, on connection: any RelationalConnection
    ) throws -> [PillarShare] {
        let counts = try connection.query(AnalyticsQueries.pillars(scope, in: period, for: caller)) { row in
            (id: row.optionalID(0, PillarID.self), posts: row.int(1))
        }
        let labels = try connection.query(AnalyticsQueries.pillarLabels(in: caller.organizationID)) { row in
            (id: row.id(0, PillarID.self), title: row.text(1), target: row.isNull(2) ? nil : row.real(2))
        }
        let all = counts.reduce(Int64(0)) { $0 &+ $1.posts }
        func share(_ posts: Int64) -> Double { all > 0 ? (Double(posts) * 1000 / Double(all)).rounded() / 10 : 0 }
        func posts(_ id: PillarID?) -> Int64 { counts.first { $0.id == id }?.posts ?? 0 }
        var shares = labels.map { label in
            PillarShare(
                pillarID: label.id, title: label.title, posts: posts(label.id), share: share(posts(label.id)),
                target: label.target)
        }
        // Posts without a pillar, and those whose pillar was deleted.
        let named = shares.reduce(Int64(0)) { $0 &+ $1.posts }
        if all > named {
            shares.append(PillarShare(pillarID: nil, title: nil, posts: all - named, share: share(all - named), target: nil))
        }
        return shares
    }

    private func followers(
        _ scope: AnalyticsScope, in period: Range<Instant>, for caller: Caller, on connection: any RelationalConnection
    ) throws -> [AccountGrowth] {
        try connection.query(AnalyticsQueries.followers(scope, in: period, for: caller)) { row in
            let last = row.optionalInt(3)
            let first = row.optionalInt(5) ?? row.optionalInt(6)
            var gained: Int64?
            if let last, let first { gained = last &- first }
            return AccountGrowth(
                accountID: row.id(0), platform: try row.value(1), username: row.text(2), followers: last, gained: gained,
                asOf: row.optionalInstant(4))
        }
    }

    // MARK: A post

    package func post(_ id: PostID, for caller: Caller) async throws -> PostAnalytics {
        try await engine.read { connection in
            let brand = try connection.first(
                """
                SELECT brand_id FROM post
                WHERE organization_id = \(caller.organizationID) AND id = \(id) AND deleted_at IS NULL
                """
            ) { $0.id(0, BrandID.self) }
            guard let brand, caller.maySee(brand) else { throw APIError.notFound("post") }
            let watches = try watches(of: id, AnalyticsScope(), for: caller, on: connection)
            let publications = try watches.map { watch in
                let newest = try connection.query(
                    AnalyticsQueries.snapshots(
                        of: watch.publicationID, in: caller.organizationID, limit: Self.snapshotsOfAPublication),
                    AnalyticsQueries.decodeSnapshot)
                return PublicationAnalytics(watch: watch, snapshots: newest.reversed())
            }
            let parts = try watches.map { watch in
                let account = try connection.first(
                    InsightQueries.account(watch.accountID, in: caller.organizationID), InsightQueries.decodeAccount)
                return EngagementRate.Part(metrics: watch.metrics, followers: account?.counts.followers)
            }
            return PostAnalytics(
                postID: id, total: watches.reduce(Metrics()) { $0.adding($1.metrics) },
                engagementRate: EngagementRate(parts),
                publications: publications)
        }
    }
}
