/// What is known about the request that makes a publication visible.
public struct JournalState: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let armed: Self = "ARMED"
    public static let confirmed: Self = "CONFIRMED"
    public static let absent: Self = "ABSENT"
    public static let refused: Self = "REFUSED"
    public static let unknown: Self = "UNKNOWN"
}
