public import Foundation

/// A post on one account: the unit that is published.
public struct Publication: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    public var postId: String
    public var socialAccountId: String
    public var platform: Platform
    /// 0 is the post itself; the parts of its thread follow, and its first comment last.
    public var part: Int?
    public var state: PublicationState
    public var nextLookAt: Date?
    public var attempts: Int
    public var platformPostId: String?
    public var permalink: String?
    public var errorClass: String?
    public var errorCode: String?
    public var errorMessage: String?
    public var publishedAt: Date?
    /// Every request that could make it visible, written down before it was sent.
    public var journal: [JournalEntry]
}

/// A line of a publication's journal.
public struct JournalEntry: Codable, Hashable, Sendable {
    public var sequence: Int
    public var state: JournalState
    public var detail: String?
    public var at: Date
}
