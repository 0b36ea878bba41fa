package import Contract
package import Core

/// What is said, where and when.
package struct Post: Sendable {
    package var id: PostID
    package var organizationID: OrganizationID
    package var brandID: BrandID
    /// The author.
    package var userID: UserID
    package var title: String?
    package var caption: String
    package var link: String?
    package var platforms: [Platform]
    package var accountIDs: [SocialAccountID]
    package var media: [PostMedia]
    package var options: PostOptions
    package var status: PostStatus
    package var scheduledFor: Instant?
    package var campaignID: CampaignID?
    /// What single accounts publish instead.
    package var overrides: [PostOverride] = []
    /// What follows on each account, each part a reply to the one before.
    package var thread: [ThreadPart] = []
    /// What the account writes under its own post.
    package var firstComment: String?
    package var categoryID: CategoryID?
    package var pillarID: PillarID?
    package var tags: [String] = []
    /// The caller's own id for it, unique in the organization.
    package var externalRef: String?
    package var contentType: ContentType?
    /// The queue whose slot it takes.
    package var queueID: QueueID?
    package var recurrence: Recurrence?
    /// The post that this one repeats.
    package var parentID: PostID?
    package var approval: Approval?
    /// The content plan that proposed it, and the proposal.
    package var contentPlanID: ContentPlanID?
    package var planItemID: PlanItemID?
    package var warnings: [String]
    /// `{"instagram":{"success":true,"postId":"..."}}`, rendered when a publication settles.
    package var platformResults: RawJSON<NamedValues<PlatformResult>>
    package var failure: PostFailure?
    package var publishedAt: Instant?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64

    /// What people and webhooks see as the title: the post's own, or the caption's first line, cut to 80 characters.
    package var displayTitle: String {
        if let title { return title }
        let line = caption.prefix { !$0.isNewline }
        return line.count > 80 ? line.prefix(79) + "…" : String(line)
    }
}

/// A picture of a post.
package struct PostMedia: APIObject {
    package var url: String
    package var altText: String?
    /// The library's medium; nil for a picture elsewhere.
    package var mediaID: MediaID?

    package init(url: String, altText: String?, mediaID: MediaID? = nil) {
        self.url = url
        self.altText = altText
        self.mediaID = mediaID
    }

    package static let name = "PostMedia"
    package static let properties: [Property<Self>] = [
        Property("url", "Where the picture is.") { $0.url },
        Property("altText", "What it shows, for those who cannot see it.") { $0.altText },
        Property("mediaId", "The medium of the library; null for a picture elsewhere.") { $0.mediaID },
    ]
    package static let example = PostMedia(url: "https://cdn.acme.example/sale.jpg", altText: "A red sale sign")
}

/// Options that single platforms know.
package struct PostOptions: Sendable, Hashable {
    /// Mastodon.
    package var visibility: Visibility?
    /// Mastodon.
    package var contentWarning: String?

    package enum Visibility: String, Sendable, CaseIterable, APIEnum {
        case `public`, unlisted, `private`, direct
    }

    package init() {}
}

/// Why a post failed, in one line.
package struct PostFailure: APIObject {
    package var code: String
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    package static let name = "PostFailure"
    package static let properties: [Property<Self>] = [
        Property("code", "What kind of failure it is.") { $0.code },
        Property("message", "What happened and what to do.") { $0.message },
    ]
    package static let example = PostFailure(
        code: "token_rejected", message: "instagram refused the token; reconnect the account.")
}

/// What became of a post on one platform.
package struct PlatformResult: APIObject {
    package var success: Bool
    package var postID: String?
    package var url: String?
    package var error: PostFailure?

    package init(success: Bool, postID: String?, url: String?, error: PostFailure?) {
        self.success = success
        self.postID = postID
        self.url = url
        self.error = error
    }

    package static let name = "PlatformResult"
    package static let properties: [Property<Self>] = [
        Property("success", "Whether it is visible there.") { $0.success },
        Property(omittable: "postId", "The post's id on the platform.") { $0.postID },
        Property(omittable: "url", "Where it can be seen.") { $0.url },
        Property(omittable: "error", "Why it is not visible.") { $0.error },
    ]
    package static let example = PlatformResult(success: true, postID: "123456789", url: nil, error: nil)
}

extension Post: APIObject {
    package static let name = "Post"
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The post's id.") { $0.id },
        Property("organizationId", "The organization.") { $0.organizationID },
        Property("brandId", "The brand that speaks.") { $0.brandID },
        Property("userId", "The author.") { $0.userID },
        Property("title", "A name for people; never published.") { $0.title },
        Property("caption", "The text.") { $0.caption },
        Property("link", "A link that belongs to the text.") { $0.link },
        Property("platforms", "Where it goes.") { $0.platforms },
        Property("socialAccountIds", "The accounts that publish it, once it is scheduled.") { $0.accountIDs },
        Property("media", "Its pictures.") { $0.media },
        Property("visibility", "Mastodon: who sees it.") { $0.options.visibility },
        Property("contentWarning", "Mastodon: shown instead of the text until it is clicked.") { $0.options.contentWarning },
        Property("status", "Where it is in its life.") { $0.status },
        Property("scheduledFor", "When it is published.") { $0.scheduledFor },
        Property("campaignId", "The campaign it belongs to.") { $0.campaignID },
        Property("overrides", "What single accounts publish instead, or at another time.") { $0.overrides },
        Property("thread", "What follows, each part a reply to the one before.") { $0.thread },
        Property("firstComment", "What the account writes under its own post.") { $0.firstComment },
        Property("categoryId", "Its category.") { $0.categoryID },
        Property("pillarId", "The content pillar that it serves.") { $0.pillarID },
        Property("tags", "Free labels.") { $0.tags },
        Property("externalRef", "The caller's own id for it, unique in the organization.") { $0.externalRef },
        Property("contentType", "What kind of content it is.") { $0.contentType },
        Property("queueId", "The queue whose slot it takes.") { $0.queueID },
        Property("recurrence", "How it repeats; null once the next occurrence carries it.") { $0.recurrence },
        Property("parentPostId", "The post that it repeats or was duplicated from.") { $0.parentID },
        Property("approval", "Where it is in its review.") { $0.approval },
        Property("contentPlanId", "The content plan that proposed it.") { $0.contentPlanID },
        Property("planItemId", "The proposal that it was made of.") { $0.planItemID },
        Property("warnings", "What was accepted but should be known.") { $0.warnings },
        Property("platformResults", "What became of it on each platform.") { $0.platformResults },
        Property("failureSummary", "Why it failed, when it failed.") { $0.failure },
        Property("publishedAt", "When it became visible.") { $0.publishedAt },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = Post(
        id: ID("clx123abc"), organizationID: ID("clx789xyz"), brandID: ID("clx456def"), userID: ID("cmb2k7q0x0000000000000003"),
        title: "Summer Sale Announcement", caption: "Check out our new product!", link: nil,
        platforms: [.instagram, .facebook],
        accountIDs: [ID("cmb2k7q0x0000000000000005")], media: [], options: PostOptions(), status: .published,
        scheduledFor: Instant(seconds: 1_770_112_800), campaignID: nil, warnings: [],
        platformResults: RawJSON(#"{"instagram":{"success":true,"postId":"123456789"}}"#), failure: nil,
        publishedAt: Instant(seconds: 1_770_112_801), createdAt: Instant(seconds: 1_770_000_000),
        updatedAt: Instant(seconds: 1_770_112_801), version: 3)
}
