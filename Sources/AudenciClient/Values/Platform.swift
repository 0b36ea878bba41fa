/// Where a social account lives.
public struct Platform: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let instagram: Self = "instagram"
    public static let facebook: Self = "facebook"
    public static let threads: Self = "threads"
    public static let x: Self = "x"
    public static let linkedin: Self = "linkedin"
    public static let tiktok: Self = "tiktok"
    public static let youtube: Self = "youtube"
    public static let pinterest: Self = "pinterest"
    public static let bluesky: Self = "bluesky"
    public static let mastodon: Self = "mastodon"
    public static let telegram: Self = "telegram"
    public static let discord: Self = "discord"
    public static let reddit: Self = "reddit"
    public static let googleBusiness: Self = "google_business"
}
