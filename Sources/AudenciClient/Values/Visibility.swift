/// Who sees a post, on platforms that ask.
public struct Visibility: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let `public`: Self = "public"
    public static let unlisted: Self = "unlisted"
    public static let `private`: Self = "private"
    public static let direct: Self = "direct"
}
