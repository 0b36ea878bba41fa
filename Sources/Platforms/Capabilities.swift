/// What a platform takes. Numbers are the platform's own documented ones; each connector names its source.
package struct Capabilities: Sendable, Hashable {
    /// Longest caption, counted as the platform counts (`countsURLsAs`).
    package var maximumCaptionLength: Int
    /// A URL counts as this many characters, however long it is (Mastodon: 23); nil when it counts as written.
    package var countsURLsAs: Int?
    /// A mention of somebody elsewhere (`@name@host`) counts as `@name` (Mastodon).
    package var countsMentionHosts: Bool
    package var maximumMedia: Int
    /// What may be uploaded as a picture.
    package var acceptedMimeTypes: [String]
    /// The platform shows nothing without a picture: a post without one gets a brand card.
    package var requiresMedia: Bool
    /// Brand card format and size: what this platform shows best.
    package var cardMimeType: String
    package var cardWidth: Int
    package var cardHeight: Int
    package var maximumHashtags: Int?
    package var maximumMentions: Int?
    /// A thread's parts are posts that answer one another; elsewhere they are comments under the post.
    package var hasThreads: Bool

    package init(
        maximumCaptionLength: Int, countsURLsAs: Int? = nil, maximumMedia: Int, requiresMedia: Bool,
        cardMimeType: String = "image/jpeg", cardWidth: Int = 1080, cardHeight: Int = 1080, maximumHashtags: Int? = nil,
        maximumMentions: Int? = nil, countsMentionHosts: Bool = true,
        acceptedMimeTypes: [String] = ["image/jpeg", "image/png"], hasThreads: Bool = false
    ) {
        self.maximumCaptionLength = maximumCaptionLength
        self.countsURLsAs = countsURLsAs
        self.countsMentionHosts = countsMentionHosts
        self.maximumMedia = maximumMedia
        self.acceptedMimeTypes = acceptedMimeTypes
        self.requiresMedia = requiresMedia
        self.cardMimeType = cardMimeType
        self.cardWidth = cardWidth
        self.cardHeight = cardHeight
        self.maximumHashtags = maximumHashtags
        self.maximumMentions = maximumMentions
        self.hasThreads = hasThreads
    }
}
