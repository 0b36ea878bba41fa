package import Core

/// What others say on one platform, read and answered: comments on our posts, mentions of the account. Stands beside
/// ``Connector`` and has its manners: it keeps no state, never retries and never throws; whatever the platform answers,
/// hostile answers included, becomes an outcome, and every list and text in it is bounded.
package protocol InboxConnector: Sendable {
    static var platform: Platform { get }
    /// How long the platform remembers a reply's key: sent again within it, a reply appears once. Zero: there is no key,
    /// and after a lost answer nothing may be sent again.
    static var replyKeyLifetime: Duration { get }
    /// Whether a comment can be hidden from the public.
    static var canHide: Bool { get }
    /// In characters.
    static var maximumReplyLength: Int { get }

    init()

    /// The comments on one of the account's posts that were written at `since` or later, and perhaps older ones.
    /// The account's own are left out.
    func comments(
        on postID: String, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome

    /// What mentions the account, after the place that an earlier answer named; without one, what was written at `since`
    /// or later.
    func mentions(
        after cursor: String?, since: Instant, of account: InboxAccount, on session: PlatformSession
    ) async -> InboxOutcome

    /// Reads what a platform's webhook only names.
    func lookUp(_ notice: MetaNotice, of account: InboxAccount, on session: PlatformSession) async -> InboxOutcome

    /// Answers a comment or mention: the one visible request. Called only after the journal holds ARMED for it.
    func reply(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplyOutcome

    /// Looks whether a reply of unknown fate is there, without sending anything.
    func find(_ reply: ReplyRequest, of account: InboxAccount, on session: PlatformSession) async -> ReplySearch

    /// Hides a comment from the public or shows it again; doing it twice does no harm. Nil when it is done.
    func setHidden(_ isHidden: Bool, _ itemID: String, on session: PlatformSession) async -> PublishFailure?
}

extension InboxConnector {
    /// A platform without webhooks names nothing.
    package func lookUp(_ notice: MetaNotice, of account: InboxAccount, on session: PlatformSession) async -> InboxOutcome {
        .read([], cursor: nil)
    }
}

/// Whose inbox it is: what tells the account's own words from those of others.
package struct InboxAccount: Sendable, Hashable {
    package var externalID: String
    package var username: String

    package init(externalID: String, username: String) {
        self.externalID = externalID
        self.username = username
    }

    /// Whether an author is the account itself.
    package func wrote(id: String?, handle: String?) -> Bool {
        if let id, !id.isEmpty, id == externalID { return true }
        guard let handle, !handle.isEmpty, !username.isEmpty else { return false }
        return handle.lowercased() == username.lowercased()
    }
}

/// One comment or mention, as its platform has it.
package struct InboxMessage: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable { case comment, mention }

    package var kind: Kind
    /// Its id on the platform.
    package var id: String
    /// The platform's id of the post under which it stands, when it says so.
    package var postID: String?
    /// What it answers: a comment, or on Mastodon any status.
    package var parentID: String?
    /// The author's id on the platform, when it says so.
    package var authorID: String?
    package var authorHandle: String?
    package var authorName: String?
    package var authorAvatarURL: String?
    /// Plain text, at most ``maximumTextLength`` code points.
    package var text: String
    package var permalink: String?
    package var createdAt: Instant

    package static let maximumTextLength = 10_000

    package init(
        kind: Kind, id: String, postID: String? = nil, parentID: String? = nil, authorID: String? = nil,
        authorHandle: String?, authorName: String? = nil, authorAvatarURL: String? = nil, text: String,
        permalink: String? = nil, createdAt: Instant
    ) {
        self.kind = kind
        self.id = id
        self.postID = postID
        self.parentID = parentID
        self.authorID = authorID
        self.authorHandle = authorHandle.map { Self.cut($0, to: 200) }
        self.authorName = authorName.map { Self.cut($0, to: 200) }
        self.authorAvatarURL = authorAvatarURL
        self.text = Self.cut(text, to: Self.maximumTextLength)
        self.permalink = permalink
        self.createdAt = createdAt
    }

    /// Counted in code points, for one character may hold any number of them; without the one that no database's text can
    /// hold.
    private static func cut(_ text: String, to length: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(length).filter { $0 != "\0" }))
    }
}

package enum InboxOutcome: Sendable {
    /// What there is, in no particular order; `cursor` is where the next look begins.
    case read([InboxMessage], cursor: String?)
    case failed(PublishFailure)
}

/// An answer to one item.
package struct ReplyRequest: Sendable, Hashable {
    package var kind: InboxMessage.Kind
    /// The item's id on the platform, and the post that it stands under.
    package var itemID: String
    package var postID: String?
    package var authorHandle: String?
    package var text: String
    /// The same for every try of this reply.
    package var key: String
    /// When it was armed first; ``InboxConnector/find(_:of:on:)`` looks no further back, less a minute for clocks.
    package var armedAt: Instant
    /// The ids of the account's other replies: none of them is this one, though it may say the same.
    package var others: Set<String>

    package init(
        kind: InboxMessage.Kind, itemID: String, postID: String?, authorHandle: String?, text: String, key: String,
        armedAt: Instant, others: Set<String> = []
    ) {
        self.kind = kind
        self.itemID = itemID
        self.postID = postID
        self.authorHandle = authorHandle
        self.text = text
        self.key = key
        self.armedAt = armedAt
        self.others = others
    }

    func matches(id: String, text other: String, createdAt: Instant) -> Bool {
        createdAt >= armedAt - .seconds(60) && !others.contains(id) && PostText.folded(other) == PostText.folded(text)
    }
}

package enum ReplyOutcome: Sendable {
    case sent(platformID: String)
    case failed(PublishFailure)
}

package enum ReplySearch: Sendable {
    case found(platformID: String)
    /// The platform does not show it; that is no proof that it never will.
    case notFound
    case failed(PublishFailure)
}
