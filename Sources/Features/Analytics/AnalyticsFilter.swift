package import Contract
package import Core
import Foundation

/// The steps of a series.
package enum Granularity: String, Sendable, CaseIterable, APIEnum, QueryValue {
    case hour, day, week, month
}

/// What a figure can be compared with.
package enum Comparison: String, Sendable, CaseIterable, APIEnum, QueryValue {
    case previous
}

/// Whose figures: parameters that every question about figures takes.
package struct AnalyticsScope: Sendable {
    package var postID: PostID?
    package var campaignID: CampaignID?
    package var brandID: BrandID?
    package var platforms: [Platform] = []
    package var accountID: SocialAccountID?
    package var pillarID: PillarID?

    package init() {}

    static func parameters<Root>(
        _ get: @escaping @Sendable (Root) -> AnalyticsScope, _ set: @escaping @Sendable (inout Root, AnalyticsScope) -> Void
    ) -> [QueryParameter<Root>] {
        all.map { QueryParameter($0, get: get, set: set) }
    }

    private static let all: [QueryParameter<AnalyticsScope>] = [
        QueryParameter("postId", "Only this post.") { $0.postID = $1 },
        QueryParameter("campaignId", "Only posts of this campaign.") { $0.campaignID = $1 },
        QueryParameter("brandId", "Only this brand.") { $0.brandID = $1 },
        QueryParameter(list: "platform", "Only this platform.") { $0.platforms = $1 },
        QueryParameter("socialAccountId", "Only this account.") { $0.accountID = $1 },
        QueryParameter("pillarId", "Only posts of this pillar.") { $0.pillarID = $1 },
    ]
}

/// The question of `GET /api/analytics`.
package struct AnalyticsFilter: APIQuery {
    package var scope = AnalyticsScope()
    package var from: Instant?
    package var to: Instant?
    package var granularity = Granularity.day
    package var timezone: String?
    package var comparison: Comparison?

    package init() {}

    package static let parameters: [QueryParameter<Self>] =
        AnalyticsScope.parameters({ $0.scope }, { $0.scope = $1 }) + [
            QueryParameter("from", "The period's beginning; 30 days before `to` when absent.") { $0.from = $1 },
            QueryParameter("to", "The period's end, not part of it; now when absent.") { $0.to = $1 },
            QueryParameter("granularity", "The series' steps; day when absent. hour: for at most 31 days.") {
                $0.granularity = $1
            },
            QueryParameter("timezone", "Where days begin, an IANA name; the organization's time zone when absent.") {
                $0.timezone = $1
            },
            QueryParameter("compare", "previous: the same length of time just before, beside this one.") {
                $0.comparison = $1
            },
        ]

    static let maximumDays: Int64 = 731

    /// The period, checked.
    func period(at now: Instant) throws(APIError) -> Range<Instant> {
        let end = to ?? now
        let start = from ?? end - .seconds(30 * 86_400)
        guard start < end else { throw .invalid("from", "must be earlier than to") }
        guard start.milliseconds >= 0 else { throw .invalid("from", "must not be before 1970") }
        let days = (end - start).inSeconds / 86_400
        guard days <= Double(Self.maximumDays) else {
            throw .invalid("from", "must be at most \(Self.maximumDays) days before to")
        }
        // 31 days in which clocks are put back have an hour more.
        guard granularity != .hour || end - start <= .seconds(31 * 86_400 + 3600) else {
            throw .invalid("granularity", "hour is for periods of at most 31 days")
        }
        return start..<end
    }

    /// - Parameter standard: the organization's zone.
    static func zone(_ name: String?, standard: TimeZone) throws(APIError) -> TimeZone {
        guard let name else { return standard }
        if let issue = Rule.timezone.check(name) { throw .invalid("timezone", issue) }
        return TimeZone(identifier: name) ?? standard
    }
}
