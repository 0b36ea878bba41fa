public import Foundation

/// What is different about a post on one account. What is nil is as in the post.
public struct PostOverride: Codable, Hashable, Sendable {
    public var socialAccountId: String
    public var caption: String?
    public var link: String?
    public var media: [PostMedia]?
    public var scheduledFor: Date?
    public var visibility: Visibility?
    public var contentWarning: String?

    public init(
        socialAccountId: String, caption: String? = nil, link: String? = nil, media: [PostMedia]? = nil,
        scheduledFor: Date? = nil, visibility: Visibility? = nil, contentWarning: String? = nil
    ) {
        self.socialAccountId = socialAccountId
        self.caption = caption
        self.link = link
        self.media = media
        self.scheduledFor = scheduledFor
        self.visibility = visibility
        self.contentWarning = contentWarning
    }
}

/// How a post comes again.
public struct Recurrence: Codable, Hashable, Sendable {
    /// `DAY`, `WEEK` or `MONTH`.
    public var every: String
    public var interval: Int?
    public var until: Date?
    /// How many times are left.
    public var remaining: Int?

    public init(every: String, interval: Int? = nil, until: Date? = nil, remaining: Int? = nil) {
        self.every = every
        self.interval = interval
        self.until = until
        self.remaining = remaining
    }
}

/// Where a post stands in its review.
public struct Approval: Codable, Hashable, Sendable {
    public var stage: Int
    public var stages: Int
    public var reviewerIds: [String]
    public var submittedBy: String
    public var submittedAt: Date
    public var note: String?
    /// The version that was approved; editing it afterwards asks for another approval.
    public var approvedVersion: Int?
}

/// What the server would make of a post.
public struct PostVerdict: Codable, Hashable, Sendable {
    public var valid: Bool
    public var issues: [AudenciError.Detail]
    public var message: String?
    public var warnings: [String]
    /// The status that it would have.
    public var status: PostStatus?
    public var scheduledFor: Date?
    public var socialAccountIds: [String]?
}
