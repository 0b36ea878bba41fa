/// Whether an account can publish: `active` and `expiring` can.
public struct AccountStatus: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let active: Self = "ACTIVE"
    /// It can publish, for at most seven days more.
    public static let expiring: Self = "EXPIRING"
    public static let needsReconnect: Self = "NEEDS_RECONNECT"
    public static let disabled: Self = "DISABLED"
    public static let disconnected: Self = "DISCONNECTED"
}
