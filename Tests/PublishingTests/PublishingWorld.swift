import Contract
import Core
import Features
import Foundation
import Logging
import Outbound
import Platforms
import Publishing
import Relational
import SQLiteEngine
import TestSupport

/// Everything that publishing needs, on a real SQLite file, with a clock that moves only when told.
struct PublishingWorld: Sendable {
    let engine: any RelationalEngine
    let ambient: Ambient
    let clock: FixedClock
    let media: MediaStore
    let posts: PostStore
    let accounts: AccountStore
    let sandbox: SandboxStore
    let organization: NewOrganization
    let caller: Caller

    init() async throws {
        let (ambient, clock) = Ambient.fixed()
        let path = FileManager.default.temporaryDirectory.path + "/audenci-publishing-\(UUID().uuidString)/test.sqlite"
        let engine = try SQLiteEngine(path: path, readers: 2)
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        try await self.init(engine: engine, ambient: ambient, clock: clock, organization: nil)
    }

    private init(
        engine: any RelationalEngine, ambient: Ambient, clock: FixedClock, organization: NewOrganization?
    ) async throws {
        self.engine = engine
        self.ambient = ambient
        self.clock = clock
        let organizations = OrganizationStore(engine: engine, ambient: ambient)
        let brands = BrandStore(engine: engine, ambient: ambient)
        let outbox = Outbox(ambient: ambient)
        let keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        accounts = AccountStore(
            engine: engine, ambient: ambient, box: SecretBox(masterKey: Secret("a master key for tests")), outbox: outbox)
        sandbox = SandboxStore(engine: engine, ambient: ambient)
        let platforms = ConnectorPlatforms(
            sessions: PlatformSessions(client: NoNetwork(), sandbox: sandbox, ambient: ambient))
        let library = MediaStore(
            engine: engine, ambient: ambient, outbox: outbox, organizations: organizations, vault: NoMedia(),
            workshop: NoMedia(), links: NoMedia())
        media = library
        posts = PostStore(
            engine: engine, ambient: ambient, outbox: outbox,
            publications: PublicationStore(engine: engine, ambient: ambient), scheduleWake: WakeSignal(), brands: brands,
            accounts: accounts, organizations: organizations,
            queues: QueueStore(engine: engine, ambient: ambient, brands: brands, organizations: organizations),
            library: library,
            rules: PostRules(platforms: platforms))
        if let organization {
            self.organization = organization
        } else {
            let setup = OrganizationSetupStore(
                organizations: organizations, members: MemberStore(engine: engine, ambient: ambient), brands: brands,
                accounts: accounts, keys: keys, platforms: ConnectorPlatforms.all)
            self.organization = try await setup.create(
                OrganizationOutline(name: "Acme", plan: .enterprise, brand: "Acme", email: "owner@acme.test"))
        }
        caller = try await keys.authenticate(self.organization.apiKey)
    }

    /// The same world through an engine that fails where the test says.
    func through(_ engine: any RelationalEngine) async throws -> PublishingWorld {
        try await PublishingWorld(engine: engine, ambient: ambient, clock: clock, organization: organization)
    }

    func authorizer(client: any Transport) -> OAuthPlatforms {
        OAuthPlatforms(
            apps: OAuthAppStore(
                engine: engine, ambient: ambient, box: SecretBox(masterKey: Secret("a master key for tests"))),
            client: client,
            meta: .init(clientID: "meta-app", clientSecret: Secret("meta-secret"), baseURL: "https://graph.example/facebook"),
            publicURL: "https://app.example.com", ambient: ambient)
    }

    /// A keeper of its own, as another process would have.
    func tokens(client: any Transport = NoNetwork()) -> TokenKeeper {
        TokenKeeper(
            accounts: accounts, authorizer: authorizer(client: client),
            sessions: PlatformSessions(client: client, sandbox: sandbox, ambient: ambient),
            pause: { _ in try await Task.sleep(for: .milliseconds(1)) },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func publisher(client: any Transport = NoNetwork(), policy: PublishPolicy = .standard) -> Publisher {
        Publisher(
            recorder: PublicationRecorder(posts: posts, accounts: accounts), tokens: tokens(client: client),
            sessions: PlatformSessions(client: client, sandbox: sandbox, ambient: ambient),
            requests: PublishRequests(
                client: client,
                cards: CardLink(masterKey: Secret("a master key for tests"), publicURL: "https://app.example.com"),
                media: media),
            policy: policy, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func createPost(_ platforms: [Platform], caption: String = "Check out our new product!") async throws -> Post {
        var input = PostInput()
        input.brandID = organization.brandID
        input.caption = caption
        input.platforms = platforms
        input.scheduledFor = .set(clock.now + .seconds(60))
        input.status = .scheduled
        return try await posts.create(input, for: caller)
    }

    func arm(_ mode: String, step: String = "publish", status: Int? = nil, count: Int = 1, on platform: Platform) async throws {
        var fault = SandboxFault()
        fault.step = step
        fault.mode = mode
        fault.status = status
        fault.count = count
        try await sandbox.arm(fault, platform: platform, account: externalID(platform))
    }

    func externalID(_ platform: Platform) -> String {
        let id = organization.accounts.first { $0.platform == platform }?.id.rawValue ?? ""
        return "\(platform.rawValue)-\(id)"
    }

    func visible(_ platform: Platform) async throws -> [SandboxPost] {
        try await sandbox.posts(platform: platform, account: externalID(platform), limit: 100)
    }

    func publications(of post: Post) async throws -> [Publication] {
        try await engine.read { [posts] in try posts.publications.ofPost(post.id, in: post.organizationID, on: $0) }
    }

    func events(_ type: String? = nil) async throws -> [JSONValue] {
        try await engine.read { connection in
            try connection.query("SELECT body FROM event WHERE type LIKE 'post.%' ORDER BY position") {
                try JSONValue(parsing: $0.text(0))
            }
        }.filter { type == nil || $0["event"]?.string == type }
    }

    /// Works until nothing is due any more, moving the clock from one due time to the next. At most `rounds` times.
    func drain(_ publisher: Publisher? = nil, rounds: Int = 60) async throws {
        let publisher = publisher ?? self.publisher()
        let claims = PublicationClaims(posts: posts)
        for _ in 0..<rounds {
            guard let next = try await posts.publications.nextWake() else { return }
            if next > clock.now { clock.set(next) }
            for publication in try await claims.claim(limit: 16, lease: publisher.lease) { await publisher.run(publication) }
        }
    }
}
