/// What a platform takes. Numbers are the platform's own documented ones; each connector names its source.
package struct Capabilities: Sendable, Hashable {
    /// Longest caption, counted as the platform counts (`countsURLsAs`).
    package var maximumCaptionLength: Int
    /// A URL counts as this many characters, however long it is (Mastodon: 23); nil when it counts as written.
    package var countsURLsAs: Int?
    package var maximumMedia: Int
    /// The platform shows nothing without a picture: a post without one gets a brand card.
    package var requiresMedia: Bool
    /// Brand card format and size: what this platform shows best.
    package var cardMimeType: String
    package var cardWidth: Int
    package var cardHeight: Int
    package var maximumHashtags: Int?
    package var maximumMentions: Int?

    package init(
        maximumCaptionLength: Int, countsURLsAs: Int? = nil, maximumMedia: Int, requiresMedia: Bool,
        cardMimeType: String = "image/jpeg", cardWidth: Int = 1080, cardHeight: Int = 1080, maximumHashtags: Int? = nil,
        maximumMentions: Int? = nil
    ) {
        self.maximumCaptionLength = maximumCaptionLength
        self.countsURLsAs = countsURLsAs
        self.maximumMedia = maximumMedia
        self.requiresMedia = requiresMedia
        self.cardMimeType = cardMimeType
        self.cardWidth = cardWidth
        self.cardHeight = cardHeight
        self.maximumHashtags = maximumHashtags
        self.maximumMentions = maximumMentions
    }
}
