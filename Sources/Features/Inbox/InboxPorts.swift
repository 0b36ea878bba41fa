import Contract
package import Core

/// What the inbox wants of the platforms. Implemented where the connectors are.
package protocol InboxPlatforms: Sendable {
    /// What is wrong with a reply, as the end of a sentence that begins with its field; nil when nothing is.
    func issue(withReply text: String, to item: InboxItem) -> String?
    /// Hides an item from the public, or shows it again; doing it twice does no harm.
    /// - Throws: ``APIError`` saying why it is not done.
    func setHidden(_ isHidden: Bool, _ item: InboxItem) async throws
    /// Whether what the platform's webhooks tell of a profile is told of this account: it stands at that platform, and not
    /// at an address of its owner's choice, where anybody may be anybody.
    func isToldByWebhooks(_ account: SocialAccount) -> Bool
}

/// What somebody wrote, as a platform tells of it.
package struct IncomingRemark: Sendable, Hashable {
    package var kind: InboxItem.Kind
    package var platformItemID: String
    package var platformPostID: String?
    package var parentPlatformItemID: String?
    package var authorHandle: String?
    package var authorName: String?
    package var authorAvatarURL: String?
    package var text: String
    package var permalink: String?
    package var writtenAt: Instant

    package init(
        kind: InboxItem.Kind, platformItemID: String, platformPostID: String?, parentPlatformItemID: String?,
        authorHandle: String?, authorName: String?, authorAvatarURL: String?, text: String, permalink: String?,
        writtenAt: Instant
    ) {
        self.kind = kind
        self.platformItemID = platformItemID
        self.platformPostID = platformPostID
        self.parentPlatformItemID = parentPlatformItemID
        self.authorHandle = authorHandle
        self.authorName = authorName
        self.authorAvatarURL = authorAvatarURL
        self.text = text
        self.permalink = permalink
        self.writtenAt = writtenAt
    }
}
