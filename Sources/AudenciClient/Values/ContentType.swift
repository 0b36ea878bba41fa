/// What a post is made of.
public struct ContentType: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let text: Self = "TEXT"
    public static let image: Self = "IMAGE"
    public static let video: Self = "VIDEO"
    public static let carousel: Self = "CAROUSEL"
    public static let story: Self = "STORY"
    public static let reel: Self = "REEL"
    public static let short: Self = "SHORT"
    public static let article: Self = "ARTICLE"
    public static let link: Self = "LINK"
    public static let poll: Self = "POLL"
}
