import Contract
import Core

/// Where a campaign is in its life.
package enum CampaignStatus: String, Sendable, CaseIterable, APIEnum, QueryValue {
    case draft = "DRAFT"
    case scheduled = "SCHEDULED"
    case active = "ACTIVE"
    case paused = "PAUSED"
    case ended = "ENDED"
    case cancelled = "CANCELLED"
    case archived = "ARCHIVED"

    /// What a new campaign, or one whose window was moved, is at `now`. A window that is over already ends it untold:
    /// nothing began and nothing ended just now.
    static func initial(startsAt: Instant?, endsAt: Instant?, at now: Instant) -> CampaignStatus {
        guard let startsAt else { return .draft }
        if let endsAt, endsAt <= now { return .ended }
        return startsAt > now ? .scheduled : .active
    }

    /// What the clock makes of it at `now`; nil when it stays.
    func due(startsAt: Instant?, endsAt: Instant?, at now: Instant) -> CampaignStatus? {
        switch self {
        case .scheduled: startsAt.map { $0 <= now } ?? false ? .active : nil
        case .active, .paused: endsAt.map { $0 <= now } ?? false ? .ended : nil
        case .draft, .ended, .cancelled, .archived: nil
        }
    }

    /// When the clock has to look at it next.
    func nextChange(startsAt: Instant?, endsAt: Instant?) -> Instant? {
        switch self {
        case .scheduled: startsAt
        case .active, .paused: endsAt
        case .draft, .ended, .cancelled, .archived: nil
        }
    }
}
