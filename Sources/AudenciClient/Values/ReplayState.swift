/// Where a replay stands.
public struct ReplayState: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let running: Self = "RUNNING"
    public static let paused: Self = "PAUSED"
    public static let completed: Self = "COMPLETED"
    public static let cancelled: Self = "CANCELLED"
}
