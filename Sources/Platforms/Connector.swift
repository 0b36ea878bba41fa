package import Core
package import Outbound

/// The code for one platform: turns a publication into the platform's requests, and finds out what became of them.
///
/// A connector keeps no state and never retries; it reports what it knows in a closed vocabulary and the publisher
/// decides. It never throws: whatever the platform answers, hostile answers included, becomes a ``PublishOutcome``.
package protocol Connector: Sendable {
    /// `instagram`, `mastodon`, as in the API.
    static var platform: Platform { get }
    /// What this platform takes; checked when a post is created, so that errors come before the slot and not in it.
    static var capabilities: Capabilities { get }
    /// How long after an ambiguous publish request the platform may still be making the post visible: until then
    /// ``ReconcileOutcome/absent`` is no proof, and a publisher asks again after it before it sends again.
    /// Zero only where the platform refuses to do the same request twice, also while the first is still on its way.
    static var settleTime: Duration { get }

    init()

    /// Everything that can be done before anybody sees anything: uploads, containers, waiting for processing.
    /// Safe to run again at any time. Its result is handed to ``publish(_:prepared:on:)``.
    func prepare(_ request: PublishRequest, on session: PlatformSession) async -> PreparationOutcome

    /// The one request that makes the post visible. Called only after the journal holds ARMED for it.
    func publish(_ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession) async -> PublishOutcome

    /// Finds out whether an armed publication became visible, without making it so.
    /// `prepared` is what the journal holds of the preparation.
    func reconcile(_ request: PublishRequest, prepared: PreparedPublication, on session: PlatformSession) async
        -> ReconcileOutcome

    /// Checks the token and reads the profile: used when an account is connected.
    func verify(on session: PlatformSession) async -> VerifyOutcome
}

extension Connector {
    /// Twice the 15 s after which a publish request is given up.
    package static var settleTime: Duration { .seconds(30) }
}

/// Where and as whom: the account's base URL, its id on the platform and its token.
package struct PlatformSession: Sendable {
    /// Without a trailing slash: `https://graph.facebook.com/v25.0`, `https://mastodon.example`.
    package var baseURL: String
    /// The account's id on the platform: page id, Instagram user id. Empty where the token says it (Mastodon).
    package var externalID: String
    package var token: Secret
    package var transport: any Transport
    /// Sleeps between polls; a test hands in one that moves its clock instead.
    package var pause: @Sendable (Duration) async -> Void
    package var now: @Sendable () -> Instant

    package init(
        baseURL: String, externalID: String, token: Secret, transport: any Transport,
        pause: @escaping @Sendable (Duration) async -> Void, now: @escaping @Sendable () -> Instant
    ) {
        self.baseURL = baseURL
        self.externalID = externalID
        self.token = token
        self.transport = transport
        self.pause = pause
        self.now = now
    }
}

/// What to publish on one account.
package struct PublishRequest: Sendable {
    package var publicationID: PublicationID
    package var caption: String
    package var link: String?
    package var media: [PublishMedia]
    package var options: PlatformOptions
    /// The same for every try of this publication; sent as the platform's own idempotency key where there is one.
    package var idempotencyKey: String
    /// When the publication was armed first: reconciliation looks for posts no older than this, less a minute for clocks.
    /// Without it they look back one day.
    package var armedAt: Instant?
    /// Posts of this account that are known to belong to other publications: reconciliation never takes one of them for
    /// this publication, so that two publications with the same text are told apart.
    package var otherPostIDs: Set<String>
    /// What this follows: a thread's part or a first comment. Nil for a post itself.
    package var following: FollowTarget?

    package init(
        publicationID: PublicationID, caption: String, link: String? = nil, media: [PublishMedia] = [],
        options: PlatformOptions = .init(), idempotencyKey: String, armedAt: Instant? = nil, otherPostIDs: Set<String> = [],
        following: FollowTarget? = nil
    ) {
        self.publicationID = publicationID
        self.caption = caption
        self.link = link
        self.media = media
        self.options = options
        self.idempotencyKey = idempotencyKey
        self.armedAt = armedAt
        self.otherPostIDs = otherPostIDs
        self.following = following
    }
}

/// What a part of a thread, or a first comment, follows: ids of the platform.
package struct FollowTarget: Sendable, Hashable {
    /// The post itself.
    package var root: String
    /// The part before; the post itself for a first comment.
    package var before: String

    package init(root: String, before: String) {
        self.root = root
        self.before = before
    }
}

/// One picture: its bytes for platforms that take uploads, its public URL for those that fetch.
package struct PublishMedia: Sendable {
    package var bytes: [UInt8]
    /// `image/jpeg` or `image/png`.
    package var mimeType: String
    package var url: String
    package var altText: String?

    package init(bytes: [UInt8], mimeType: String, url: String, altText: String?) {
        self.bytes = bytes
        self.mimeType = mimeType
        self.url = url
        self.altText = altText
    }
}

/// The options that single platforms know; each ignores the others'.
package struct PlatformOptions: Sendable, Hashable {
    /// Mastodon: `public`, `unlisted`, `private` or `direct`.
    package var visibility: String?
    /// Mastodon: shown instead of the text until it is clicked.
    package var contentWarning: String?

    package init(visibility: String? = nil, contentWarning: String? = nil) {
        self.visibility = visibility
        self.contentWarning = contentWarning
    }
}

/// What ``Connector/prepare(_:on:)`` leaves behind for the publish request, small enough for the journal:
/// media ids, a container id.
package struct PreparedPublication: Sendable, Hashable {
    package var handles: [String]
    package init(handles: [String] = []) { self.handles = handles }
}

package enum PreparationOutcome: Sendable {
    case ready(PreparedPublication)
    case failed(PublishFailure)
}

package enum PublishOutcome: Sendable {
    /// Visible. `permalink` is where, when the platform says so.
    case published(platformPostID: String, permalink: String?)
    /// Certainly not visible, or unknown: the failure's class says which.
    case failed(PublishFailure)
}

package enum ReconcileOutcome: Sendable {
    /// It is visible; a second request must never be sent. `platformPostID` is `container:` and the container's id when
    /// Instagram says that it is live but does not list it.
    case live(platformPostID: String, permalink: String?)
    /// Absent as far as the platform shows: it may be sent again once ``Connector/settleTime`` has passed since the
    /// last publish request.
    case absent
    /// The platform could not be asked now, for this reason; ask again later.
    case unreachable(PublishFailure)
    /// The platform has no way to tell.
    case unknowable
}

package enum VerifyOutcome: Sendable {
    case verified(PlatformProfile)
    case failed(PublishFailure)
}

/// Why it did not work, in words for the user and in a class for the machine.
package struct PublishFailure: Error, Sendable, Hashable {
    package enum Class: String, Sendable, CaseIterable {
        /// Nothing became visible and it may work later: DNS, refused connection, rate limit, platform busy.
        case beforeEffect = "before_effect"
        /// It may have become visible: time-out after the bytes were sent, reset, 5xx on the publish request.
        case ambiguous
        /// It never will: policy, permission, invalid content.
        case final
        /// The token is not accepted.
        case auth
    }
    package var failureClass: Class
    /// Ours, snake_case, documented: `rate_limited`, `media_rejected`, `token_rejected`, ...
    package var code: String
    /// What happened and what to do, for a person.
    package var message: String
    /// The platform's own words and number, for support; never a token.
    package var platformCode: String?
    package var platformMessage: String?
    /// Not before this much time has passed, when the platform says so.
    package var retryAfter: Duration?

    package init(
        _ failureClass: Class, code: String, message: String, platformCode: String? = nil, platformMessage: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.failureClass = failureClass
        self.code = code
        self.message = message
        self.platformCode = platformCode
        self.platformMessage = platformMessage
        self.retryAfter = retryAfter
    }
}
