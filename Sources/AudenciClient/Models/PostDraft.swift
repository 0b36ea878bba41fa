public import Foundation

/// A post to be created.
public struct PostDraft: Codable, Hashable, Sendable {
    public var brandId: String
    public var caption: String
    public var platforms: [Platform]
    public var title: String?
    public var link: String?
    /// The accounts; without them, those of the brand on the platforms.
    public var socialAccountIds: [String]?
    public var media: [PostMedia]?
    public var visibility: Visibility?
    public var contentWarning: String?
    /// `.scheduled` with a time publishes it then; `.draft`, and no status, keeps it.
    public var status: PostStatus?
    public var scheduledFor: Date?
    public var campaignId: String?
    /// What is different on single accounts.
    public var overrides: [PostOverride]?
    /// What follows it on each account, each part a reply to the one before.
    public var thread: [ThreadPart]?
    /// What the account writes under its own post.
    public var firstComment: String?
    public var categoryId: String?
    public var pillarId: String?
    public var tags: [String]?
    /// Your own id for it, unique in the organization.
    public var externalRef: String?
    public var contentType: ContentType?
    /// The queue whose next free slot is its time.
    public var queueId: String?
    public var recurrence: Recurrence?

    /// The rest is set afterwards.
    public init(
        brandId: String, caption: String, platforms: [Platform], title: String? = nil, link: String? = nil,
        socialAccountIds: [String]? = nil, media: [PostMedia]? = nil, visibility: Visibility? = nil,
        contentWarning: String? = nil, status: PostStatus? = nil, scheduledFor: Date? = nil, campaignId: String? = nil
    ) {
        self.brandId = brandId
        self.caption = caption
        self.platforms = platforms
        self.title = title
        self.link = link
        self.socialAccountIds = socialAccountIds
        self.media = media
        self.visibility = visibility
        self.contentWarning = contentWarning
        self.status = status
        self.scheduledFor = scheduledFor
        self.campaignId = campaignId
    }
}
