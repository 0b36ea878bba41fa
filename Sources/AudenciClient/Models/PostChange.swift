public import Foundation

/// What is to be different about a post. What is not named stays.
public struct PostChange: Encodable, Hashable, Sendable {
    public var caption: String?
    public var platforms: [Platform]?
    public var status: PostStatus?
    public var title: Change<String> = .keep
    public var link: Change<String> = .keep
    public var socialAccountIds: Change<[String]> = .keep
    public var media: Change<[PostMedia]> = .keep
    public var visibility: Change<Visibility> = .keep
    public var contentWarning: Change<String> = .keep
    public var scheduledFor: Change<Date> = .keep
    public var campaignId: Change<String> = .keep
    public var overrides: Change<[PostOverride]> = .keep
    public var thread: Change<[ThreadPart]> = .keep
    public var firstComment: Change<String> = .keep
    public var categoryId: Change<String> = .keep
    public var pillarId: Change<String> = .keep
    public var tags: Change<[String]> = .keep
    public var externalRef: Change<String> = .keep
    public var contentType: Change<ContentType> = .keep
    public var queueId: Change<String> = .keep
    public var recurrence: Change<Recurrence> = .keep

    /// The rest is set afterwards.
    public init(
        caption: String? = nil, platforms: [Platform]? = nil, status: PostStatus? = nil, title: Change<String> = .keep,
        link: Change<String> = .keep, socialAccountIds: Change<[String]> = .keep, media: Change<[PostMedia]> = .keep,
        visibility: Change<Visibility> = .keep, contentWarning: Change<String> = .keep, scheduledFor: Change<Date> = .keep,
        campaignId: Change<String> = .keep
    ) {
        self.caption = caption
        self.platforms = platforms
        self.status = status
        self.title = title
        self.link = link
        self.socialAccountIds = socialAccountIds
        self.media = media
        self.visibility = visibility
        self.contentWarning = contentWarning
        self.scheduledFor = scheduledFor
        self.campaignId = campaignId
    }
}
