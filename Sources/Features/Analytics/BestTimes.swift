package import Contract
import Core
import Foundation

/// When posts did best: 168 hours of a week, each as a multiple of the ordinary (1.0). Pure.
///
/// A post's success is what people did with it for each one reached (or each look, or follower), divided by the mean of
/// its account, so that accounts of any size can stand together; an account on which nobody ever did anything says
/// nothing. Posts are counted once, on however many accounts they stand. Old posts count half after 60 days. Each hour is pulled
/// to its likely value as if it had been seen ``priorWeight`` times already: to the ordinary when there are enough posts,
/// to general advice when there are fewer than ``enough``; then the answer is labelled `general`.
package struct BestTimes: Sendable {
    package enum Basis: String, Sendable, CaseIterable, APIEnum {
        /// From this organization's own posts.
        case own
        /// Too few posts of its own: mostly general advice.
        case general
    }

    /// A published post on one account with its newest figures.
    struct Sample: Sendable {
        var post: PostID
        var account: SocialAccountID
        var publishedAt: Instant
        var rate: Double
    }

    package struct Bucket: Sendable {
        /// 1 is Monday.
        package var weekday: Int
        package var hour: Int
        package var score: Double
        package var posts: Int
    }

    static let enough = 20
    private static let priorWeight = 4.0
    private static let halfLife = 60.0 * 86_400
    /// One post that went around the world says little about the hour.
    private static let ceiling = 5.0

    package var basis: Basis
    package var posts: Int
    package var timezone: String
    /// Monday 0:00 first.
    package var buckets: [Bucket]

    init(_ samples: [Sample], now: Instant, zone: TimeZone, timezone: String) {
        self.timezone = timezone
        let means = Self.means(of: samples).filter { $0.value > 0 }
        let telling = samples.filter { means[$0.account] != nil }
        posts = Set(telling.map(\.post)).count
        basis = posts >= Self.enough ? .own : .general
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = zone
        var sums = Array(repeating: 0.0, count: 168)
        var weights = Array(repeating: 0.0, count: 168)
        var counts = Array(repeating: Set<PostID>(), count: 168)
        for sample in telling {
            guard let mean = means[sample.account] else { continue }
            let date = Date(timeIntervalSince1970: Double(sample.publishedAt.milliseconds) / 1000)
            let parts = calendar.dateComponents([.weekday, .hour], from: date)
            // Calendar counts from Sunday as 1; ISO from Monday.
            let place = ((parts.weekday ?? 1) + 5) % 7 * 24 + (parts.hour ?? 0)
            guard sums.indices.contains(place) else { continue }
            let age = max((now - sample.publishedAt).inSeconds, 0)
            let weight = exp2(-age / Self.halfLife)
            sums[place] += weight * min(sample.rate / mean, Self.ceiling)
            weights[place] += weight
            counts[place].insert(sample.post)
        }
        buckets = []
        for place in 0..<168 {
            let prior = basis == .own ? 1 : Self.general(weekday: place / 24, hour: place % 24)
            let score = (sums[place] + Self.priorWeight * prior) / (weights[place] + Self.priorWeight)
            buckets.append(
                Bucket(
                    weekday: place / 24 + 1, hour: place % 24, score: (score * 1000).rounded() / 1000,
                    posts: counts[place].count))
        }
    }

    private static func means(of samples: [Sample]) -> [SocialAccountID: Double] {
        Dictionary(grouping: samples, by: \.account).mapValues { samples in
            samples.reduce(0) { $0 + $1.rate } / Double(max(samples.count, 1))
        }
    }

    /// What is true of most audiences: awake by day, more attention around noon and in the evening, a little less at the
    /// weekend. Our own, and deliberately flat.
    private static func general(weekday: Int, hour: Int) -> Double {
        let day = weekday < 5 ? 1.0 : 0.95
        switch hour {
        case 0..<6: return 0.7 * day
        case 6..<8, 22..<24: return 0.9 * day
        case 11..<13, 18..<21: return 1.15 * day
        default: return 1.0 * day
        }
    }
}

extension BestTimes: APIObject {
    package static let name = "BestTimes"
    package static let properties: [Property<Self>] = [
        Property("basis", "own: from at least 20 posts; general: mostly general advice, for there are too few posts.") {
            $0.basis
        },
        Property("posts", "How many posts it comes from.") { $0.posts },
        Property("timezone", "Whose hours these are.") { $0.timezone },
        Property("best", "The five best hours.") { times in
            Array(times.buckets.sorted { ($1.score, $0.weekday, $0.hour) < ($0.score, $1.weekday, $1.hour) }.prefix(5))
        },
        Property("buckets", "All 168 hours of a week, Monday midnight first.") { $0.buckets },
    ]
    package static let example = BestTimes(
        [], now: Instant(seconds: 1_770_114_600), zone: .gmt, timezone: "Europe/Berlin")
}

extension BestTimes.Bucket: APIObject {
    package static let name = "BestTime"
    package static let properties: [Property<Self>] = [
        Property("weekday", "1 is Monday.") { $0.weekday },
        Property("hour", "0 to 23.") { $0.hour },
        Property("score", "1: as good as the average hour; 1.5: half as good again.") { $0.score },
        Property("posts", "How many posts were published in this hour.") { $0.posts },
    ]
    package static let example = BestTimes.Bucket(weekday: 2, hour: 18, score: 1.32, posts: 6)
}

/// The question of `GET /api/analytics/best-times`.
struct BestTimesFilter: APIQuery {
    var scope = AnalyticsScope()
    var timezone: String?

    init() {}

    static let parameters: [QueryParameter<Self>] =
        AnalyticsScope.parameters({ $0.scope }, { $0.scope = $1 }) + [
            QueryParameter("timezone", "Whose hours, an IANA name; the organization's time zone when absent.") {
                $0.timezone = $1
            }
        ]
}
