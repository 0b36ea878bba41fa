/// What made an attempt happen.
public struct AttemptTrigger: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let auto: Self = "auto"
    public static let manual: Self = "manual"
    public static let replay: Self = "replay"
    public static let test: Self = "test"
    public static let probe: Self = "probe"
}
