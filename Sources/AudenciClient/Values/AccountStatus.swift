/// Whether an account can publish.
public struct AccountStatus: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let active: Self = "ACTIVE"
    public static let needsReconnect: Self = "NEEDS_RECONNECT"
    public static let disabled: Self = "DISABLED"
    public static let disconnected: Self = "DISCONNECTED"
}
