/// Where a delivery stands.
public struct DeliveryState: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let pending: Self = "pending"
    public static let inFlight: Self = "in_flight"
    public static let succeeded: Self = "succeeded"
    public static let retrying: Self = "retrying"
    public static let failed: Self = "failed"
    public static let held: Self = "held"
    public static let filtered: Self = "filtered"
    public static let cancelled: Self = "cancelled"
}
