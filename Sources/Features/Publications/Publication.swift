package import Contract
package import Core

/// One post on one social account: the unit that is published.
package struct Publication: Sendable {
    package enum State: String, Sendable, CaseIterable, APIEnum {
        /// Waits for its time.
        case pending = "PENDING"
        /// A worker holds it, under a lease.
        case publishing = "PUBLISHING"
        /// Waits for its next try or for the next look at the platform.
        case retrying = "RETRYING"
        case published = "PUBLISHED"
        case failed = "FAILED"
        case needsAttention = "NEEDS_ATTENTION"
        case cancelled = "CANCELLED"

        /// True when nothing more happens by itself.
        package var isSettled: Bool {
            switch self {
            case .published, .failed, .needsAttention, .cancelled: true
            case .pending, .publishing, .retrying: false
            }
        }
    }

    package var id: PublicationID
    package var organizationID: OrganizationID
    package var postID: PostID
    package var accountID: SocialAccountID
    package var platform: Platform
    /// 0 is the post itself; its thread's parts and the first comment follow.
    package var part = 0
    package var state: State
    /// When somebody has to look at it: the due time, the next try, or the end of the lease. Nil when it is settled.
    package var wakeAt: Instant?
    /// How many times it was prepared and sent.
    package var attempts: Int
    /// How many times the platform was asked what became of it, since it was last armed.
    package var reconciliations: Int
    /// Grows with every claim: a worker whose number is not the present one may write nothing.
    package var fencingToken: Int64
    package var platformPostID: String?
    package var permalink: String?
    package var errorClass: String?
    package var errorCode: String?
    package var errorMessage: String?
    package var publishedAt: Instant?
    package var createdAt: Instant
    package var updatedAt: Instant
}

/// One line of the publish journal: what was about to happen is durable before it happens.
package struct JournalEntry: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable, APIEnum {
        /// The request that makes it visible is sent next; whether it was cannot be known without an answer.
        case armed = "ARMED"
        case confirmed = "CONFIRMED"
        /// The platform proved that it is not visible.
        case absent = "ABSENT"
        /// It certainly did not become visible.
        case refused = "REFUSED"
        /// Asked, and not known.
        case unknown = "UNKNOWN"
    }
    package var sequence: Int
    package var state: State
    package var fencingToken: Int64
    /// What the preparation left behind: container and media ids.
    package var handles: [String]
    package var detail: String?
    package var at: Instant
}

/// A publication with its journal, as the API shows it.
package struct PublicationView: APIObject {
    package var publication: Publication
    package var journal: [JournalEntry]

    package static let name = "Publication"
    package static let summary = "One post on one social account, and how it got where it is."
    package static let properties: [Property<Self>] = [
        Property("id", "The publication's id.") { $0.publication.id },
        Property("postId", "The post.") { $0.publication.postID },
        Property("socialAccountId", "The account.") { $0.publication.accountID },
        Property("platform", "The account's platform.") { $0.publication.platform },
        Property("part", "0 is the post itself; the parts of its thread follow, and its first comment last.") {
            $0.publication.part
        },
        Property("state", "Where it is.") { $0.publication.state },
        Property("nextLookAt", "When it is due, tried again or looked at again.") { $0.publication.wakeAt },
        Property("attempts", "How many times it was sent.") { $0.publication.attempts },
        Property("platformPostId", "Its id on the platform.") { $0.publication.platformPostID },
        Property("permalink", "Where it can be seen.") { $0.publication.permalink },
        Property("errorClass", "before_effect, ambiguous, final or auth.") { $0.publication.errorClass },
        Property("errorCode", "What kind of failure it was.") { $0.publication.errorCode },
        Property("errorMessage", "What happened and what to do.") { $0.publication.errorMessage },
        Property("publishedAt", "When it became visible.") { $0.publication.publishedAt },
        Property("journal", "What was about to happen and what became of it, in order.") { $0.journal },
    ]
    package static let example = PublicationView(
        publication: Publication(
            id: ID("cmb2k7q0x0000000000000006"), organizationID: ID("clx789xyz"), postID: ID("clx123abc"),
            accountID: ID("cmb2k7q0x0000000000000005"), platform: .instagram, state: .published, wakeAt: nil, attempts: 1,
            reconciliations: 0, fencingToken: 1, platformPostID: "123456789", permalink: nil, errorClass: nil, errorCode: nil,
            errorMessage: nil, publishedAt: Instant(seconds: 1_770_112_801), createdAt: Instant(seconds: 1_770_000_000),
            updatedAt: Instant(seconds: 1_770_112_801)), journal: [.example])
}

extension JournalEntry: APIObject {
    package static let name = "JournalEntry"
    package static let properties: [Property<Self>] = [
        Property("sequence", "Its place.") { $0.sequence },
        Property("state", "ARMED before the request that makes the post visible; the others say what became of it.") {
            $0.state
        },
        Property("detail", "More about it.") { $0.detail },
        Property("at", "When.") { $0.at },
    ]
    package static let example = JournalEntry(
        sequence: 1, state: .armed, fencingToken: 1, handles: ["17889455560051444"], detail: nil,
        at: Instant(seconds: 1_770_112_800))
}
