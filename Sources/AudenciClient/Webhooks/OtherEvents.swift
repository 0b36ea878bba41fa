public import Foundation

/// A campaign whose time has come, or is over.
public struct CampaignEvent: Codable, Hashable, Sendable {
    public var campaignId: String
    public var name: String
    public var startsAt: Date?
    public var endsAt: Date?
}

/// New figures of a post.
public struct AnalyticsEvent: Codable, Hashable, Sendable {
    public var postId: String
    public var platform: Platform
    public var metrics: [String: Double]
    public var changedMetrics: [String]
    public var asOf: Date
}

/// A number of followers that was reached.
public struct FollowerMilestoneEvent: Codable, Hashable, Sendable {
    public var socialAccountId: String
    public var platform: Platform
    public var username: String
    public var milestone: Int
    public var followerCount: Int
}

/// A comment on a post, or a mention somewhere.
public struct InboxEvent: Codable, Hashable, Sendable {
    public var inboxItemId: String
    public var platform: Platform
    public var socialAccountId: String
    /// The post that was commented on.
    public var postId: String?
    public var author: String
    public var text: String
    /// Where the mention can be seen.
    public var permalink: String?
    public var receivedAt: Date
}

/// An account that came, went, or will stop working.
public struct AccountEvent: Codable, Hashable, Sendable {
    public var socialAccountId: String
    public var platform: Platform
    public var username: String
    public var sandbox: Bool
    /// Of one that was disconnected.
    public var status: AccountStatus?
    public var reason: String?
    /// When the token ends.
    public var expiresAt: Date?
}

/// A new picture or video in the library.
public struct MediaEvent: Codable, Hashable, Sendable {
    public var mediaId: String
    public var filename: String
    public var contentType: String
    public var size: Int
}

/// A content plan that is ready.
public struct PlanEvent: Codable, Hashable, Sendable {
    public var planId: String
    public var itemCount: Int
    /// A day or an instant, as it was asked for.
    public var dateFrom: String
    public var dateTo: String
}

/// A content plan whose posts were made.
public struct PlanCompletedEvent: Codable, Hashable, Sendable {
    public var planId: String
    public var name: String
    public var postCount: Int
}

/// A picture that was generated.
public struct ImageEvent: Codable, Hashable, Sendable {
    public var jobId: String
    public var mediaId: String
    public var prompt: String
}

/// A key that was made or revoked.
public struct KeyEvent: Codable, Hashable, Sendable {
    public var keyId: String
    public var name: String
    public var hint: String
    public var scope: KeyScope
    public var rotatedFrom: String?
}
