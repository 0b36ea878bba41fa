package import Core

/// What kind of post is planned. Raw values are the API's.
package enum ContentType: String, Sendable, Hashable, CaseIterable {
    case text = "TEXT"
    case image = "IMAGE"
    case video = "VIDEO"
    case carousel = "CAROUSEL"
    case story = "STORY"
    case reel = "REEL"
    case short = "SHORT"
    case article = "ARTICLE"
    case link = "LINK"
    case poll = "POLL"

    /// Whether people on that platform know this kind of post. Advice for planning, not a rule: who asks for five stories
    /// on LinkedIn gets them.
    package func fits(_ platform: Platform) -> Bool {
        switch self {
        case .text: ![.instagram, .tiktok, .youtube, .pinterest].contains(platform)
        case .image: platform != .youtube
        case .video: platform != .googleBusiness
        case .carousel: ![.youtube, .googleBusiness, .reddit].contains(platform)
        case .story, .reel: [.instagram, .facebook].contains(platform)
        case .short: platform == .youtube
        case .article: platform == .linkedin
        case .link: ![.instagram, .tiktok, .youtube].contains(platform)
        case .poll: [.x, .linkedin, .mastodon, .telegram, .reddit, .threads, .discord].contains(platform)
        }
    }

    /// For sentences: `video`, `carousel`.
    var word: String { rawValue.lowercased() }
}
