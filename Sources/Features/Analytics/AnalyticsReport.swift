package import Contract
package import Core

/// What came in a period: each figure is the sum of what the readings in it gained.
package struct AnalyticsReport: Sendable {
    package var period: Range<Instant>
    package var timezone: String
    package var granularity: Granularity
    package var totals: AnalyticsTotals
    package var series: [SeriesPoint]
    package var platforms: [PlatformTotals]
    package var comparison: PeriodComparison?
    package var topPosts: [RankedPost]
    package var pillars: [PillarShare]
    package var accounts: [AccountGrowth]
    package var coverage: AnalyticsCoverage
    package var asOf: Instant?
}

extension AnalyticsReport: APIObject {
    package static let name = "Analytics"
    package static let summary = "Figures of a period. null is \"not reported\", never 0; coverage says by how many."
    package static let properties: [Property<Self>] = [
        Property("from", "The period's beginning.") { $0.period.lowerBound },
        Property("to", "The period's end, not part of it.") { $0.period.upperBound },
        Property("timezone", "Where the series' days begin.") { $0.timezone },
        Property("granularity", "The series' steps.") { $0.granularity },
        Property("totals", "What came in the period.") { $0.totals },
        Property("series", "The same, step by step: the steps add up to the totals.") { $0.series },
        Property("byPlatform", "The same for each platform.") { $0.platforms },
        Property("comparison", "The period before, with compare=previous.") { $0.comparison },
        Property("topPosts", "The posts published in the period that people did most with, at most ten.") { $0.topPosts },
        Property("pillars", "How the posts published in the period spread over the pillars.") { $0.pillars },
        Property("accounts", "The accounts' followers, at most 200 accounts.") { $0.accounts },
        Property("coverage", "How much of it the platforms report.") { $0.coverage },
        Property("asOf", "When the newest of these figures was read.") { $0.asOf },
    ]
    package static let example = AnalyticsReport(
        period: Instant(seconds: 1_770_076_800)..<Instant(seconds: 1_770_163_200), timezone: "Europe/Berlin", granularity: .day,
        totals: .example, series: [.example], platforms: [.example], comparison: .example, topPosts: [.example],
        pillars: [.example], accounts: [.example], coverage: .example, asOf: Instant(seconds: 1_770_114_600))
}

/// The sums of a period.
package struct AnalyticsTotals: Sendable {
    package var metrics: Metrics
    package var engagementRate: EngagementRate?
    package var posts: Int64
    package var readings: Int64
    package var followers: Int64?
    package var followersGained: Int64?
}

extension AnalyticsTotals: APIObject {
    package static let name = "AnalyticsTotals"
    package static let properties: [Property<Self>] = [
        Property("metrics", "What was gained, metric by metric.") { $0.metrics },
        Property("interactions", "Likes, comments, shares and saves together.") { $0.metrics.interactions },
        Property("engagementRate", "Interactions divided by what the most accounts report.") { $0.engagementRate },
        Property("posts", "How many posts were published.") { $0.posts },
        Property("readings", "How many snapshots it comes from.") { $0.readings },
        Property("followers", "How many follow the accounts at the period's end.") { $0.followers },
        Property("followersGained", "How many more these are than at its beginning.") { $0.followersGained },
    ]
    package static let example = AnalyticsTotals(
        metrics: Metrics([(.reach, 1200), (.likes, 96), (.comments, 4)]), engagementRate: .example, posts: 3, readings: 12,
        followers: 1003, followersGained: 14)
}

/// One step of a series.
package struct SeriesPoint: Sendable {
    package var start: Instant
    package var metrics = Metrics()
    package var readings: Int64 = 0

    package init(start: Instant) { self.start = start }
}

extension SeriesPoint: APIObject {
    package static let name = "AnalyticsPoint"
    package static let properties: [Property<Self>] = [
        Property("start", "When the step begins.") { $0.start },
        Property("metrics", "What was gained in it; null without a reading.") { $0.metrics },
        Property("interactions", "Likes, comments, shares and saves together.") { $0.metrics.interactions },
        Property("readings", "How many snapshots it comes from.") { $0.readings },
    ]
    package static let example: SeriesPoint = {
        var point = SeriesPoint(start: Instant(seconds: 1_770_076_800))
        point.metrics = Metrics([(.reach, 1200), (.likes, 96), (.comments, 4)])
        point.readings = 12
        return point
    }()
}

/// The sums of one platform.
package struct PlatformTotals: Sendable {
    package var platform: Platform
    package var metrics: Metrics
    package var engagementRate: EngagementRate?
}

extension PlatformTotals: APIObject {
    package static let name = "PlatformTotals"
    package static let properties: [Property<Self>] = [
        Property("platform", "The platform.") { $0.platform },
        Property("metrics", "What was gained on it.") { $0.metrics },
        Property("interactions", "Likes, comments, shares and saves together.") { $0.metrics.interactions },
        Property("engagementRate", "Interactions divided by what the platform reports.") { $0.engagementRate },
    ]
    package static let example = PlatformTotals(
        platform: .instagram, metrics: Metrics([(.reach, 1200), (.likes, 96), (.comments, 4)]), engagementRate: .example)
}

/// The period before.
package struct PeriodComparison: Sendable {
    package var period: Range<Instant>
    package var totals: AnalyticsTotals
    package var changes: [(name: String, value: Double?)]

    init(_ period: Range<Instant>, before: AnalyticsTotals, now: AnalyticsTotals) {
        self.period = period
        totals = before
        var changes = Metric.allCases.map { (name: $0.rawValue, value: Self.change(before.metrics[$0], now.metrics[$0])) }
        changes.append((name: "interactions", value: Self.change(before.metrics.interactions, now.metrics.interactions)))
        changes.append((name: "posts", value: Self.change(before.posts, now.posts)))
        self.changes = changes
    }

    /// In percent; nil when there was nothing to compare with.
    private static func change(_ before: Int64?, _ now: Int64?) -> Double? {
        guard let before, let now, before > 0 else { return nil }
        let ratio = Double(now) / Double(before) - 1
        return (ratio * 1000).rounded() / 10
    }
}

extension PeriodComparison: APIObject {
    package static let name = "AnalyticsComparison"
    package static let properties: [Property<Self>] = [
        Property("from", "The earlier period's beginning.") { $0.period.lowerBound },
        Property("to", "Its end.") { $0.period.upperBound },
        Property("totals", "What came in it.") { $0.totals },
        Property("changes", "From that period to this one, in percent; null when there was nothing then.") {
            NamedValues($0.changes)
        },
    ]
    package static let example = PeriodComparison(
        Instant(seconds: 1_769_990_400)..<Instant(seconds: 1_770_076_800), before: .example, now: .example)
}

/// How much of the figures platforms report.
package struct AnalyticsCoverage: Sendable {
    package var publications: Int64
    package var measured: Int64
    package var reported: [(metric: Metric, count: Int64)]
}

extension AnalyticsCoverage: APIObject {
    package static let name = "AnalyticsCoverage"
    package static let properties: [Property<Self>] = [
        Property("publications", "How many publications (posts on accounts) the question is about.") { $0.publications },
        Property("measured", "How many of them were read at least once.") { $0.measured },
        Property("reported", "For how many a metric is reported.") { coverage in
            NamedValues(coverage.reported.map { (name: $0.metric.rawValue, value: $0.count) })
        },
        Property("notReported", "For how many it is not, though they were read.") { coverage in
            NamedValues(coverage.reported.map { (name: $0.metric.rawValue, value: coverage.measured - $0.count) })
        },
    ]
    package static let example = AnalyticsCoverage(
        publications: 4, measured: 4, reported: [(.likes, 4), (.reach, 2)])
}
