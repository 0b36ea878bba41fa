/// Where a content plan stands.
public struct PlanStatus: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let generatingPlan: Self = "GENERATING_PLAN"
    public static let planReady: Self = "PLAN_READY"
    public static let revising: Self = "REVISING"
    public static let approved: Self = "APPROVED"
    public static let creatingPosts: Self = "CREATING_POSTS"
    public static let completed: Self = "COMPLETED"
    public static let failed: Self = "FAILED"
    public static let cancelled: Self = "CANCELLED"
}
