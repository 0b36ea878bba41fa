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
    public var author: String
    public var text: String
    public var permalink: String?
    public var assigneeUserId: String?
    public var replies: [InboxReply]
    public var receivedAt: Date
    public var version: Int
}

/// An answer to an inbox item.
public struct InboxReply: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    public var text: String
    /// `PENDING`, `SENDING`, `SENT`, `FAILED`, or `UNKNOWN` when nobody can tell whether it is visible: it is not sent again.
    public var state: String
    public var errorMessage: String?
}
