public import Foundation

/// The post of an event, as it was then.
public struct PostEvent: Codable, Hashable, Sendable {
    public var postId: String
    public var title: String
    public var platforms: [Platform]
    public var scheduledFor: Date?
    public var status: PostStatus
}

/// A post that went live, or did not.
public struct PostOutcomeEvent: Codable, Hashable, Sendable {
    public var postId: String
    public var title: String
    public var platforms: [Platform]
    public var scheduledFor: Date?
    public var platformResults: [Platform: PlatformResult]
    /// Nil when it went live everywhere.
    public var failureSummary: PostFailure?
}

/// A post on its way.
public struct PostStatusEvent: Codable, Hashable, Sendable {
    public var postId: String
    public var title: String
    public var platforms: [Platform]
    public var scheduledFor: Date?
    public var previousStatus: PostStatus
    public var status: PostStatus
}

/// A post that was edited.
public struct PostUpdateEvent: Codable, Hashable, Sendable {
    public var postId: String
    public var title: String
    public var platforms: [Platform]
    public var scheduledFor: Date?
    public var status: PostStatus
    public var changedFields: [String]
    public var version: Int
}
