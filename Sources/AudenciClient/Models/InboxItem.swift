public import Foundation

/// A comment under a post, or a mention of an account.
public struct InboxItem: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    /// `COMMENT` or `MENTION`.
    public var kind: String
    /// `NEW`, `READ`, `REPLIED`, `HIDDEN` or `ARCHIVED`.
    public var status: String
    public var brandId: String
    public var socialAccountId: String
    public var platform: Platform
    /// The post under which it stands.
    public var postId: String?
    /// The platform's ids of that post, of the item, and of what it answers.
    public var platformPostId: String?
    public var platformItemId: String
    public var parentPlatformItemId: String?
    public var author: String
    public var authorHandle: String?
    public var authorName: String?
    public var authorAvatarUrl: String?
    public var text: String
    public var permalink: String?
    public var sandbox: Bool
    public var assigneeUserId: String?
    public var replies: [InboxReply]
    public var receivedAt: Date
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// An answer to an inbox item.
public struct InboxReply: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    /// Who wrote it.
    public var userId: String
    public var text: String
    /// `PENDING`, `SENDING`, `SENT`, `FAILED`, or `UNKNOWN` when nobody can tell whether it is visible: it is not sent again.
    public var state: String
    public var attempts: Int
    /// The platform's id, once it is visible.
    public var platformReplyId: String?
    public var errorCode: String?
    public var errorMessage: String?
    public var createdAt: Date
    public var updatedAt: Date
}
