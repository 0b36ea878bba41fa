import Contract
import Core
import Features
import Foundation
import Logging
import Outbound
import Platforms
import Publishing
import Relational
import TestSupport

/// A world with an inbox over it, and what tests ask of it.
struct InboxWorld: Sendable {
    let world: PublishingWorld
    let inbox: InboxStore

    init(_ world: PublishingWorld) {
        self.world = world
        let (engine, ambient) = (world.engine, world.ambient)
        inbox = InboxStore(
            engine: engine, ambient: ambient, outbox: Outbox(ambient: ambient), accounts: world.accounts,
            members: MemberStore(engine: engine, ambient: ambient),
            organizations: OrganizationStore(engine: engine, ambient: ambient),
            platforms: ConnectorInbox(
                tokens: world.tokens(),
                sessions: PlatformSessions(client: NoNetwork(), sandbox: world.sandbox, ambient: ambient)))
    }

    init() async throws { self.init(try await PublishingWorld()) }

    func through(_ engine: any RelationalEngine) async throws -> InboxWorld { InboxWorld(try await world.through(engine)) }

    func worker(client: any Transport = NoNetwork()) -> InboxWorker {
        InboxWorker(
            inbox: inbox, tokens: world.tokens(client: client),
            sessions: PlatformSessions(client: client, sandbox: world.sandbox, ambient: world.ambient),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Works until nothing is due at this moment any more.
    func work(_ worker: InboxWorker? = nil) async throws {
        let worker = worker ?? self.worker()
        for _ in 0..<20 {
            var jobs: [InboxWorker.Job] = []
            for lane in InboxLane.allCases { jobs += try await worker.claim(lane, limit: 16) }
            if jobs.isEmpty { return }
            for job in jobs { await worker.run(job) }
        }
    }

    /// Works on while the clock moves to whatever is due next, until all replies are settled.
    func settleReplies(_ worker: InboxWorker? = nil) async throws {
        for _ in 0..<40 {
            try await work(worker)
            guard let next = try await inbox.nextReply() else { return }
            if next > world.clock.now { world.clock.set(next) }
        }
    }

    func account(_ platform: Platform) async throws -> SocialAccount {
        guard let id = world.organization.accounts.first(where: { $0.platform == platform })?.id,
            let account = try await world.accounts.find(id, for: world.caller)
        else { throw APIError.notFound("account") }
        return account
    }

    /// An account that is no sandbox account, taken into the rounds.
    func connect(
        _ platform: Platform, as externalID: String, at baseURL: String = "https://graph.facebook.com/v25.0"
    ) async throws -> SocialAccount {
        var account = try await account(platform)
        account.id = world.ambient.newID()
        account.isSandbox = false
        account.externalID = externalID
        account.baseURL = baseURL
        let real = account
        try await world.engine.write { try world.accounts.insert(real, token: Secret("t"), on: $0) }
        try await inbox.enlist()
        return real
    }

    /// Lets the account have published something just now.
    func watch(_ post: String, of account: SocialAccount) async throws {
        let now = world.clock.now
        try await world.engine.write { connection in
            try connection.execute(
                """
                INSERT INTO inbox_watch (organization_id, social_account_id, platform_post_id, post_id, published_at, next_at)
                VALUES (\(account.organizationID), \(account.id), \(post), 'p', \(now), \(now))
                """)
        }
    }

    /// A post that is visible; its id on the platform.
    func publish(_ platform: Platform, _ caption: String = "Spring is here") async throws -> (post: PostID, platformID: String)
    {
        let post = try await world.createPost([platform], caption: caption)
        try await world.drain()
        let publication = try await world.publications(of: post).first
        guard let id = publication?.platformPostID else { throw APIError.notFound("publication") }
        return (post.id, id)
    }

    func comment(_ text: String, on post: String, _ platform: Platform, by author: String = "jane") async throws
        -> SandboxRemark
    {
        var input = SandboxCommentInput()
        input.postID = post
        input.author = author
        input.text = text
        return try await world.sandbox.comment(input, on: try await account(platform), in: inbox)
    }

    func mention(_ text: String, _ platform: Platform) async throws -> SandboxRemark {
        var input = SandboxMentionInput()
        input.author = "joe"
        input.text = text
        return try await world.sandbox.mention(input, of: try await account(platform), in: inbox)
    }

    func items(_ filter: InboxFilter = InboxFilter()) async throws -> [InboxItem] {
        try await inbox.list(filter, for: world.caller, page: PageRequest(limit: 100)).items
    }

    func answer(_ item: InboxItem, _ text: String = "Thank you!") async throws -> InboxItem {
        var input = InboxReplyInput()
        input.text = text
        return try await inbox.reply(to: item.id, input, for: world.caller)
    }

    /// The account's own words on the simulated platform.
    func answers(_ platform: Platform) async throws -> [SandboxRemark] {
        try await world.sandbox.remarks(platform: platform, account: world.externalID(platform), limit: 100)
            .filter(\.isOwn)
    }

    func events(_ type: String) async throws -> [JSONValue] {
        try await world.engine.read { connection in
            try connection.query("SELECT body FROM event WHERE type = \(type) ORDER BY position") {
                try JSONValue(parsing: $0.text(0))
            }
        }
    }
}

/// A platform that answers as the test says.
struct AnsweringPlatform: Transport {
    private let answer: @Sendable (OutboundRequest) -> OutboundResponse

    init(_ answer: @escaping @Sendable (OutboundRequest) -> OutboundResponse) { self.answer = answer }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse { answer(request) }

    static func json(_ text: String, status: Int = 200) -> OutboundResponse {
        OutboundResponse(status: status, body: Array(text.utf8))
    }
}
