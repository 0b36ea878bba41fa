import Contract

/// What kind of content a post is, for planning and statistics.
package enum ContentType: String, Sendable, CaseIterable, APIEnum, QueryValue {
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
}
