import Core

/// Sums gains into steps, accounts and a total. Pure.
struct AnalyticsSeries: Sendable {
    /// What came on one account within one quarter of an hour.
    struct Gain: Sendable {
        var at: Instant
        var account: SocialAccountID
        var readings: Int64
        var metrics: Metrics
    }

    private let buckets: SeriesBuckets
    private(set) var points: [SeriesPoint]
    private var byAccount: [SocialAccountID: Metrics] = [:]
    private(set) var total = Metrics()
    private(set) var readings: Int64 = 0

    init(_ buckets: SeriesBuckets) {
        self.buckets = buckets
        points = buckets.starts.map { SeriesPoint(start: $0) }
    }

    mutating func add(_ gain: Gain) {
        // The first quarter may begin before the period and its first step: what is in it was read in the period.
        let index = buckets.index(of: gain.at) ?? 0
        if points.indices.contains(index) {
            points[index].metrics = points[index].metrics.adding(gain.metrics)
            points[index].readings &+= gain.readings
        }
        byAccount[gain.account] = byAccount[gain.account, default: Metrics()].adding(gain.metrics)
        total = total.adding(gain.metrics)
        readings &+= gain.readings
    }

    func engagementRate(followers: [SocialAccountID: Int64]) -> EngagementRate? {
        EngagementRate(byAccount.map { .init(metrics: $0.value, followers: followers[$0.key]) })
    }

    func byPlatform(_ platforms: [SocialAccountID: Platform], followers: [SocialAccountID: Int64]) -> [PlatformTotals] {
        let groups = Dictionary(grouping: byAccount) { platforms[$0.key] }
        return Platform.allCases.compactMap { platform in
            guard let accounts = groups[platform] else { return nil }
            return PlatformTotals(
                platform: platform, metrics: accounts.reduce(Metrics()) { $0.adding($1.value) },
                engagementRate: EngagementRate(accounts.map { .init(metrics: $0.value, followers: followers[$0.key]) }))
        }
    }
}
