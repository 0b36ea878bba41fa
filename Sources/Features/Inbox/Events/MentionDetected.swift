package import Contract
package import Core

/// Somebody mentioned the brand.
package struct MentionDetected: Event {
    package var itemID: InboxItemID
    package var platform: Platform
    package var socialAccountID: SocialAccountID
    package var author: String
    package var text: String
    package var permalink: String?
    package var receivedAt: Instant

    package init(
        itemID: InboxItemID, platform: Platform, socialAccountID: SocialAccountID, author: String, text: String,
        permalink: String?, receivedAt: Instant
    ) {
        self.itemID = itemID
        self.platform = platform
        self.socialAccountID = socialAccountID
        self.author = author
        self.text = text
        self.permalink = permalink
        self.receivedAt = receivedAt
    }

    package static let type = "mention.detected"
    package static let name = "MentionDetectedEvent"
    package static let summary = "Brand mentioned on social media"
    package static let properties: [Property<Self>] = [
        Property("inboxItemId", "The inbox item.") { $0.itemID },
        Property("platform", "The platform.") { $0.platform },
        Property("socialAccountId", "The account.") { $0.socialAccountID },
        Property("author", "Who wrote it.") { $0.author },
        Property("text", "What it says.") { $0.text },
        Property("permalink", "Where it is.") { $0.permalink },
        Property("receivedAt", "When it was written.") { $0.receivedAt },
    ]
    package static let example = MentionDetected(
        itemID: ID("cmb2k7q0x0000000000000012"), platform: .instagram, socialAccountID: ID("cmb2k7q0x0000000000000005"),
        author: "@jane", text: "Thanks to @acme", permalink: "https://social.example/p/1",
        receivedAt: Instant(seconds: 1_770_114_600))

    package var scope: EventScope {
        EventScope(
            entity: itemID.rawValue, platforms: [platform.rawValue], accountIDs: [socialAccountID.rawValue])
    }
}
