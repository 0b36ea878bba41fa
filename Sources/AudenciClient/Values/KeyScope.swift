/// What a key may do.
public struct KeyScope: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let readOnly: Self = "read-only"
    public static let readWrite: Self = "read-write"
    public static let admin: Self = "admin"
}
