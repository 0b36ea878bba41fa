/// Where a post stands.
public struct PostStatus: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let draft: Self = "DRAFT"
    public static let inReview: Self = "IN_REVIEW"
    public static let changesRequested: Self = "CHANGES_REQUESTED"
    public static let rejected: Self = "REJECTED"
    public static let scheduled: Self = "SCHEDULED"
    public static let publishing: Self = "PUBLISHING"
    public static let published: Self = "PUBLISHED"
    public static let partiallyPublished: Self = "PARTIALLY_PUBLISHED"
    public static let failed: Self = "FAILED"
    public static let needsAttention: Self = "NEEDS_ATTENTION"
    public static let cancelled: Self = "CANCELLED"
    public static let archived: Self = "ARCHIVED"
}
