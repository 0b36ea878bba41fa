public import Foundation

/// What is to be published, on one or more accounts.
public struct Post: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var organizationId: String
    public var brandId: String
    /// Who made it.
    public var userId: String
    public var title: String?
    public var caption: String
    public var link: String?
    public var platforms: [Platform]
    public var socialAccountIds: [String]
    public var media: [PostMedia]
    public var visibility: Visibility?
    public var contentWarning: String?
    public var status: PostStatus
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
    public var queueId: String?
    public var recurrence: Recurrence?
    /// The recurring post that this one was made by.
    public var parentPostId: String?
    /// Who has to approve it, and who did.
    public var approval: Approval?
    /// The content plan that it comes from, and its item there.
    public var contentPlanId: String?
    public var planItemId: String?
    /// What will not be as expected, such as a picture made from the text.
    public var warnings: [String]
    public var platformResults: [Platform: PlatformResult]
    public var failureSummary: PostFailure?
    public var publishedAt: Date?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// A picture or video of a post.
public struct PostMedia: Codable, Hashable, Sendable {
    /// Where it can be fetched. In a draft, either this or `mediaId`.
    public var url: String?
    /// For people who do not see it.
    public var altText: String?
    /// The medium of the library that it is.
    public var mediaId: String?

    public init(url: String, altText: String? = nil) {
        self.url = url
        self.altText = altText
    }

    public init(mediaId: String, altText: String? = nil) {
        self.mediaId = mediaId
        self.altText = altText
    }
}

/// One part of a thread.
public struct ThreadPart: Codable, Hashable, Sendable {
    public var caption: String
    public var media: [PostMedia]?

    public init(caption: String, media: [PostMedia]? = nil) {
        self.caption = caption
        self.media = media
    }
}

/// What became of a post on one platform.
public struct PlatformResult: Codable, Hashable, Sendable {
    public var success: Bool
    /// The platform's id of what is visible.
    public var postId: String?
    public var url: String?
    public var error: PostFailure?
}

/// Why a post is not visible.
public struct PostFailure: Codable, Hashable, Sendable {
    public var code: String
    public var message: String
}
