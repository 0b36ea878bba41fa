/// Where a publication stands.
public struct PublicationState: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let pending: Self = "PENDING"
    public static let publishing: Self = "PUBLISHING"
    public static let retrying: Self = "RETRYING"
    public static let published: Self = "PUBLISHED"
    public static let failed: Self = "FAILED"
    public static let needsAttention: Self = "NEEDS_ATTENTION"
    public static let cancelled: Self = "CANCELLED"
}
