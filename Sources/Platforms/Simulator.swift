package import Core
package import Outbound

/// A platform's HTTP API, simulated: a pure function of its state and a request. Sandbox accounts run it in-process with
/// the ledger in our database; `audenci simulator` serves it over HTTP as a process of its own. It speaks the platform's
/// real wire protocol, so that the connector in front of it is the real one.
package protocol Simulator: Sendable {
    static var platform: Platform { get }
    init()
    /// Answers one request of the platform's API. `path` has neither query nor the prefix of the process that serves it;
    /// `query` is decoded; `request.url` is whole and not looked at. Never throws: a world that fails answers 503.
    func respond(
        to request: OutboundRequest, path: String, query: [(name: String, value: String)], in world: any SimulatedWorld
    ) async
        -> SimulatedAnswer
}

/// What a simulator does with a request.
package enum SimulatedAnswer: Sendable {
    case answer(OutboundResponse)
    /// No answer, ever: in-process this is a time-out at once (``SimulatorTransport``); over HTTP the connection stays
    /// open until the client gives up.
    case hang
}

/// What a simulator remembers and may look at. In-process this is the database; in the simulator process it is memory
/// with an append-only file.
package protocol SimulatedWorld: Sendable {
    func now() -> Instant
    func newID() -> String
    /// Makes a post visible. `key` is the platform's idempotency key: the same key again returns the post that is there
    /// already, and adds none.
    func show(_ post: VisiblePost, key: String?) async throws -> VisiblePost
    /// The account's visible posts, newest first.
    func visiblePosts(platform: Platform, account: String, limit: Int) async throws -> [VisiblePost]
    func visiblePost(platform: Platform, id: String) async throws -> VisiblePost?
    /// Makes a comment, mention or reply visible; `key` as with ``show(_:key:)``.
    func add(_ remark: Remark, key: String?) async throws -> Remark
    /// What was written under the account's posts or about it, and its own replies, newest first.
    func remarks(platform: Platform, account: String, limit: Int) async throws -> [Remark]
    func remark(platform: Platform, id: String) async throws -> Remark?
    /// False when there is no such remark.
    func setHidden(_ isHidden: Bool, platform: Platform, remark id: String) async throws -> Bool
    /// Small state that is not visible: containers, uploads. Survives as long as the world does.
    func setState(platform: Platform, key: String, value: String) async throws
    func state(platform: Platform, key: String) async throws -> String?
    /// The fault that the next request meets, if one is armed; taking it uses it up. `step` is one of
    /// ``SimulatedFault/steps``.
    func takeFault(platform: Platform, account: String, step: String) async throws -> SimulatedFault?
}

/// One post as the public sees it.
package struct VisiblePost: Sendable, Hashable {
    package var platform: Platform
    package var id: String
    /// The account's external id.
    package var account: String
    package var text: String
    package var mediaCount: Int
    package var permalink: String
    package var createdAt: Instant

    package init(
        platform: Platform, id: String, account: String, text: String, mediaCount: Int, permalink: String, createdAt: Instant
    ) {
        self.platform = platform
        self.id = id
        self.account = account
        self.text = text
        self.mediaCount = mediaCount
        self.permalink = permalink
        self.createdAt = createdAt
    }
}

/// A fault that a user or a test arms in advance.
package struct SimulatedFault: Sendable, Hashable {
    package enum Mode: String, Sendable, CaseIterable, Codable {
        /// Answers `status` (503 when none is set) instead of doing anything.
        case status
        /// Does nothing and lets the caller time out.
        case timeoutBeforeEffect = "timeout_before_effect"
        /// Does it, then lets the caller time out: the test that separates us from the others.
        case timeoutAfterEffect = "timeout_after_effect"
        /// Does it, then answers 500. With `status` 400 on Instagram and Facebook: does it, then answers code 4, subcode
        /// 2207051, "action blocked", which Instagram is known to do with a post that is live.
        case errorAfterEffect = "error_after_effect"
        /// Refuses for now, with the platform's own way of saying when: Mastodon 429 and `X-RateLimit-Reset`, Graph
        /// 400, code 4 and `X-Business-Use-Case-Usage`.
        case rateLimit = "rate_limit"
        /// Refuses the token.
        case tokenRevoked = "token_revoked"
    }
    /// Where a fault can wait: `prepare` (uploads, containers), `publish` (the visible request), `read` (every GET).
    package static let steps = ["prepare", "publish", "read"]

    package var mode: Mode
    package var status: Int?

    package init(mode: Mode, status: Int? = nil) {
        self.mode = mode
        self.status = status
    }
}
