package import Contract
package import Core

/// A comment on a post or a mention of an account, as the team sees it.
package struct InboxItem: Sendable {
    package enum Kind: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case comment = "COMMENT"
        case mention = "MENTION"
    }

    package enum Status: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case new = "NEW"
        case read = "READ"
        case replied = "REPLIED"
        /// The public does not see it any more.
        case hidden = "HIDDEN"
        case archived = "ARCHIVED"
    }

    package var id: InboxItemID
    package var organizationID: OrganizationID
    package var brandID: BrandID
    package var accountID: SocialAccountID
    package var platform: Platform
    package var kind: Kind
    package var platformItemID: String
    package var parentPlatformItemID: String?
    package var platformPostID: String?
    /// The post, when it was published from here.
    package var postID: PostID?
    package var authorHandle: String?
    package var authorName: String?
    package var authorAvatarURL: String?
    /// What somebody wrote. Data: never interpreted, whatever it looks like.
    package var text: String
    package var permalink: String?
    package var isSandbox: Bool
    package var status: Status
    package var assigneeID: UserID?
    /// When it was written.
    package var receivedAt: Instant
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
    package var replies: [InboxReply] = []

    package var author: String { authorHandle ?? authorName ?? "unknown" }
}

extension InboxItem: APIObject {
    package static let name = "InboxItem"
    package static let summary = "A comment on a post, or a mention of an account."
    package var entityVersion: Int64? { version }
    package static let isVolatile = true
    package static let properties: [Property<Self>] = [
        Property("id", "The item's id.") { $0.id },
        Property("kind", "Whether it stands under a post of ours or speaks of us elsewhere.") { $0.kind },
        Property("status", "What became of it.") { $0.status },
        Property("brandId", "The brand.") { $0.brandID },
        Property("socialAccountId", "The account that it was said to.") { $0.accountID },
        Property("platform", "The platform.") { $0.platform },
        Property("postId", "The post under which it stands, when it was published from here.") { $0.postID },
        Property("platformPostId", "The platform's id of that post.") { $0.platformPostID },
        Property("platformItemId", "The platform's id of the item.") { $0.platformItemID },
        Property("parentPlatformItemId", "The platform's id of what it answers.") { $0.parentPlatformItemID },
        Property("author", "Who wrote it: the handle, or where the platform has none the name.") { $0.author },
        Property("authorHandle", "The author's handle.") { $0.authorHandle },
        Property("authorName", "The author's name.") { $0.authorName },
        Property("authorAvatarUrl", "The author's picture.") { $0.authorAvatarURL },
        Property("text", "What it says, as plain text.") { $0.text },
        Property("permalink", "Where it can be seen.") { $0.permalink },
        Property("sandbox", "SANDBOX: it was written on a built-in simulator.") { $0.isSandbox },
        Property("assigneeUserId", "The member who takes care of it.") { $0.assigneeID },
        Property("replies", "What we answered, oldest first, at most the last 50.") { $0.replies },
        Property("receivedAt", "When it was written.") { $0.receivedAt },
        Property("createdAt", "When it came in here.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = InboxItem(
        id: ID("cmb2k7q0x0000000000000012"), organizationID: ID("clx789xyz"), brandID: ID("clx456def"),
        accountID: ID("cmb2k7q0x0000000000000005"), platform: .instagram, kind: .comment, platformItemID: "17858893269000001",
        parentPlatformItemID: nil, platformPostID: "17896450804038745", postID: ID("clx123abc"), authorHandle: "jane",
        authorName: nil, authorAvatarURL: nil, text: "Love it!", permalink: nil, isSandbox: true, status: .new,
        assigneeID: nil, receivedAt: Instant(seconds: 1_770_114_600), createdAt: Instant(seconds: 1_770_114_601),
        updatedAt: Instant(seconds: 1_770_114_601), version: 1)
}

/// Our answer to an item. Its states are its journal: SENDING is durable before the request that makes it visible.
package struct InboxReply: Sendable {
    package enum State: String, Sendable, CaseIterable, APIEnum {
        /// Waits to be sent, or to be tried again.
        case pending = "PENDING"
        /// The request is about to be sent, or was; without an answer nobody knows.
        case sending = "SENDING"
        case sent = "SENT"
        /// It certainly did not become visible.
        case failed = "FAILED"
        /// It may be visible. It is not sent again by itself.
        case unknown = "UNKNOWN"
    }

    package var id: InboxReplyID
    package var organizationID: OrganizationID
    package var itemID: InboxItemID
    package var accountID: SocialAccountID
    package var userID: UserID
    package var text: String
    package var state: State
    /// How many times the request was made.
    package var attempts: Int
    /// How many times the platform was asked what became of it.
    package var looks: Int
    package var armedAt: Instant?
    /// Grows with every claim: a worker whose number is not the present one may write nothing.
    package var fence: Int64
    package var platformID: String?
    package var errorCode: String?
    package var errorMessage: String?
    package var createdAt: Instant
    package var updatedAt: Instant
}

extension InboxReply: APIObject {
    package static let name = "InboxReply"
    package static let properties: [Property<Self>] = [
        Property("id", "The reply's id.") { $0.id },
        Property("userId", "Who wrote it.") { $0.userID },
        Property("text", "What it says.") { $0.text },
        Property("state", "Whether it is visible; UNKNOWN: look at the platform, it is not sent again by itself.") { $0.state },
        Property("attempts", "How many times it was sent.") { $0.attempts },
        Property("platformReplyId", "Its id on the platform.") { $0.platformID },
        Property("errorCode", "Why it is not visible.") { $0.errorCode },
        Property("errorMessage", "The same in words.") { $0.errorMessage },
        Property("createdAt", "When it was written.") { $0.createdAt },
        Property("updatedAt", "When its state was last changed.") { $0.updatedAt },
    ]
    package static let example = InboxReply(
        id: ID("cmb2k7q0x0000000000000013"), organizationID: ID("clx789xyz"), itemID: ID("cmb2k7q0x0000000000000012"),
        accountID: ID("cmb2k7q0x0000000000000005"), userID: ID("cmb2k7q0x0000000000000002"), text: "Thank you!", state: .sent,
        attempts: 1, looks: 0, armedAt: nil, fence: 1, platformID: "17858893269000002", errorCode: nil, errorMessage: nil,
        createdAt: Instant(seconds: 1_770_114_700), updatedAt: Instant(seconds: 1_770_114_701))
}
