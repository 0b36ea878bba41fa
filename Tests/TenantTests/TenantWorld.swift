import Contract
import Core
import Features
import Foundation
import Relational
import SQLiteEngine
import TestSupport

/// An organization with what belongs to it, on a real SQLite file, with a clock that moves only when told.
struct TenantWorld: Sendable {
    let engine: any RelationalEngine
    let ambient: Ambient
    let clock: FixedClock
    let organizations: OrganizationStore
    let members: MemberStore
    let brands: BrandStore
    let accounts: AccountStore
    let keys: KeyStore
    let outbox: Outbox
    let media: MediaStore
    let vault: MemoryVault
    let posts: PostStore
    let generator: ScriptedGenerator
    let plans: ContentPlanStore
    let organization: NewOrganization
    let caller: Caller

    init(plan: Plan = .enterprise) async throws {
        let (ambient, clock) = Ambient.fixed(at: Instant(seconds: 1_772_355_600))
        self.ambient = ambient
        self.clock = clock
        let path = FileManager.default.temporaryDirectory.path + "/audenci-tenant-\(UUID().uuidString)/test.sqlite"
        engine = try SQLiteEngine(path: path, readers: 2)
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        organizations = OrganizationStore(engine: engine, ambient: ambient)
        members = MemberStore(engine: engine, ambient: ambient)
        brands = BrandStore(engine: engine, ambient: ambient)
        outbox = Outbox(ambient: ambient)
        keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        accounts = AccountStore(
            engine: engine, ambient: ambient, box: SecretBox(masterKey: Secret("a master key for tests")), outbox: outbox)
        vault = MemoryVault()
        media = MediaStore(
            engine: engine, ambient: ambient, outbox: outbox, organizations: organizations, vault: vault,
            workshop: NoMedia(), links: NoMedia())
        posts = PostStore(
            engine: engine, ambient: ambient, outbox: outbox,
            publications: PublicationStore(engine: engine, ambient: ambient), scheduleWake: WakeSignal(), brands: brands,
            accounts: accounts, organizations: organizations,
            queues: QueueStore(engine: engine, ambient: ambient, brands: brands, organizations: organizations),
            library: media, rules: PostRules(platforms: ShortTexts()))
        generator = ScriptedGenerator()
        plans = ContentPlanStore(
            engine: engine, ambient: ambient, outbox: outbox, brands: brands, accounts: accounts, organizations: organizations,
            posts: posts,
            analytics: AnalyticsStore(engine: engine, ambient: ambient, organizations: organizations), generator: generator,
            credits: CreditStore(engine: engine, ambient: ambient))
        let setup = OrganizationSetupStore(
            organizations: organizations, members: members, brands: brands, accounts: accounts, keys: keys,
            platforms: [.mastodon, .instagram])
        organization = try await setup.create(
            OrganizationOutline(name: "Acme", plan: plan, brand: "Acme", email: "owner@acme.test"))
        caller = try await keys.authenticate(organization.apiKey)
    }

    /// A second member and their key.
    func join(_ role: Role, email: String, name: String) async throws -> Caller {
        let id = try await engine.write { [members, organization] connection in
            try members.add(email: email, role: role, name: name, to: organization.organizationID, on: connection)
        }
        var input = KeyInput()
        input.name = name
        input.scope = role >= .admin ? .admin : .readWrite
        return try await keys.authenticate(try await keys.create(input, in: organization.organizationID, by: id).secret)
    }

    /// The rows that a table has of this organization.
    func count(_ query: Query) async throws -> Int {
        try await engine.read { connection in try connection.first(query) { Int($0.int(0)) } ?? 0 }
    }
}

/// Posts may have 100 characters.
struct ShortTexts: PlatformRules {
    let platforms: [Platform] = [.mastodon, .instagram]
    func issues(of post: Post, mediaCount: Int, platform: Platform) -> [FieldIssue] {
        post.caption.count > 100 ? [FieldIssue("caption", "is too long for \(platform.rawValue)")] : []
    }
    func followUpIssues(caption: String, mediaCount: Int, isComment: Bool, platform: Platform) -> [FieldIssue] { [] }
    func hasThreads(_ platform: Platform) -> Bool { platform == .mastodon }
    func demandsMedia(_ platform: Platform) -> Bool { false }
}

/// Bytes in memory.
actor MemoryVault: MediaVault {
    private(set) var objects: [String: [UInt8]] = [:]

    func put(_ key: String, _ bytes: [UInt8], type: String) { objects[key] = bytes }
    func put(_ key: String, file path: String, type: String) throws {
        objects[key] = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    func pieces(of key: String) -> (size: Int, send: ReplyStream)? {
        guard let bytes = objects[key] else { return nil }
        return (bytes.count, { send in try await send(bytes) })
    }
    func get(_ key: String) -> [UInt8]? { objects[key] }
    func delete(_ key: String) { objects[key] = nil }
}

/// Proposes one post a day, or fails as told; counts how often it is asked.
actor ScriptedGenerator: PlanGenerator {
    private(set) var asked = 0
    private var failure: APIError?
    /// Runs while a plan is being generated.
    private var meanwhile: (@Sendable () async throws -> Void)?

    func fail(with error: APIError?) { failure = error }
    func meanwhile(_ body: @escaping @Sendable () async throws -> Void) { meanwhile = body }

    func propose(_ order: PlanOrder) async throws -> PlanDraft {
        asked += 1
        if let failure { throw failure }
        try await meanwhile?()
        let clock = LocalClock(order.wish.timezone)
        var items: [ProposedPost] = []
        for number in 0..<order.wish.totalPosts {
            let day = order.span.from.advanced(by: number % order.span.days)
            guard let time = clock?.instant(day, minuteOfDay: 12 * 60 + number / order.span.days) else { continue }
            items.append(
                ProposedPost(
                    topic: "Topic \(number)", caption: "Caption \(number)", platforms: order.wish.platforms, scheduledFor: time,
                    contentType: .image, pillarID: order.pillars.first?.id))
        }
        return PlanDraft(items: items, provider: "scripted", notes: [])
    }

    func revise(_ draft: PlanDraft, of order: PlanOrder, as prompt: String) async throws -> PlanDraftRevision {
        try await meanwhile?()
        var draft = draft
        draft.items.removeFirst()
        if !draft.items.isEmpty { draft.items[0].contentType = .video }
        return PlanDraftRevision(
            draft: draft, provider: "scripted", applied: ["Removed post 1."], notUnderstood: ["glitter"])
    }
}
