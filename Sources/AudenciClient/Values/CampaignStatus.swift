/// Where a campaign stands.
public struct CampaignStatus: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft: Self = "DRAFT"
    public static let scheduled: Self = "SCHEDULED"
    public static let active: Self = "ACTIVE"
    public static let paused: Self = "PAUSED"
    public static let ended: Self = "ENDED"
    public static let cancelled: Self = "CANCELLED"
    public static let archived: Self = "ARCHIVED"
}
