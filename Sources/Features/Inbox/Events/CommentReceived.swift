package import Contract
package import Core

/// Somebody commented on a post.
package struct CommentReceived: Event {
    package var itemID: InboxItemID
    package var platform: Platform
    package var socialAccountID: SocialAccountID
    package var postID: PostID?
    package var author: String
    package var text: String
    package var receivedAt: Instant

    package init(
        itemID: InboxItemID, platform: Platform, socialAccountID: SocialAccountID, postID: PostID?, author: String,
        text: String, receivedAt: Instant
    ) {
        self.itemID = itemID
        self.platform = platform
        self.socialAccountID = socialAccountID
        self.postID = postID
        self.author = author
        self.text = text
        self.receivedAt = receivedAt
    }

    package static let type = "comment.received"
    package static let name = "CommentReceivedEvent"
    package static let summary = "New comment on your post"
    package static let properties: [Property<Self>] = [
        Property("inboxItemId", "The inbox item.") { $0.itemID },
        Property("platform", "The platform.") { $0.platform },
        Property("socialAccountId", "The account.") { $0.socialAccountID },
        Property("postId", "The post, when it was published from here.") { $0.postID },
        Property("author", "Who wrote it.") { $0.author },
        Property("text", "What it says.") { $0.text },
        Property("receivedAt", "When it was written.") { $0.receivedAt },
    ]
    package static let example = CommentReceived(
        itemID: ID("cmb2k7q0x0000000000000012"), platform: .instagram, socialAccountID: ID("cmb2k7q0x0000000000000005"),
        postID: ID("clx123abc"), author: "@jane", text: "Love it!", receivedAt: Instant(seconds: 1_770_114_600))

    package var scope: EventScope {
        EventScope(
            entity: itemID.rawValue, platforms: [platform.rawValue], accountIDs: [socialAccountID.rawValue])
    }
}
