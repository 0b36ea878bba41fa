/// Which deliveries a replay sends again; `missed` had none.
public struct ReplayedState: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let failed: Self = "failed"
    public static let held: Self = "held"
    public static let missed: Self = "missed"
    public static let succeeded: Self = "succeeded"
    public static let cancelled: Self = "cancelled"
}
