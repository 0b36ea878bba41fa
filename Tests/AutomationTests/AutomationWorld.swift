import Contract
import Core
import Delivery
import Foundation
import Outbound
import Publishing
import Relational
import SQLiteEngine
import Synchronization
import TestSupport

@testable import Features

/// Everything that automations need, on a real SQLite file, with a clock that moves only when told.
struct AutomationWorld: Sendable {
    let engine: any RelationalEngine
    let ambient: Ambient
    let clock: FixedClock
    let posts: PostStore
    let campaigns: CampaignStore
    let members: MemberStore
    let automations: AutomationStore
    let notifications: NotificationStore
    let runs: AutomationRunStore
    let organization: NewOrganization
    let caller: Caller
    private let keys: KeyStore
    private let setup: OrganizationSetupStore

    /// - Parameter canGenerate: whether actions that need a generator are accepted.
    init(canGenerate: Bool = true) async throws {
        let (ambient, clock) = Ambient.fixed()
        let path = FileManager.default.temporaryDirectory.path + "/audenci-automations-\(UUID().uuidString)/test.sqlite"
        let engine = try SQLiteEngine(path: path, readers: 2)
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        try await self.init(engine, ambient, clock, canGenerate: canGenerate, organization: nil)
    }

    private init(
        _ engine: any RelationalEngine, _ ambient: Ambient, _ clock: FixedClock, canGenerate: Bool,
        organization: NewOrganization?
    ) async throws {
        self.engine = engine
        self.ambient = ambient
        self.clock = clock
        let box = SecretBox(masterKey: Secret("a master key for tests"))
        let organizations = OrganizationStore(engine: engine, ambient: ambient)
        let brands = BrandStore(engine: engine, ambient: ambient)
        let outbox = Outbox(ambient: ambient)
        members = MemberStore(engine: engine, ambient: ambient)
        keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        let accounts = AccountStore(engine: engine, ambient: ambient, box: box, outbox: outbox)
        let sandbox = SandboxStore(engine: engine, ambient: ambient)
        let platforms = ConnectorPlatforms(
            sessions: PlatformSessions(client: NoNetwork(), sandbox: sandbox, ambient: ambient))
        posts = PostStore(
            engine: engine, ambient: ambient, outbox: outbox,
            publications: PublicationStore(engine: engine, ambient: ambient), scheduleWake: WakeSignal(), brands: brands,
            accounts: accounts, organizations: organizations,
            queues: QueueStore(engine: engine, ambient: ambient, brands: brands, organizations: organizations),
            library: MediaStore(
                engine: engine, ambient: ambient, outbox: outbox, organizations: organizations, vault: NoMedia(),
                workshop: NoMedia(), links: NoMedia()),
            rules: PostRules(platforms: platforms))
        campaigns = CampaignStore(engine: engine, ambient: ambient, outbox: outbox, brands: brands, posts: posts)
        automations = AutomationStore(
            engine: engine, ambient: ambient, box: box, members: members, canGenerate: canGenerate)
        notifications = NotificationStore(engine: engine, ambient: ambient)
        runs = AutomationRunStore(
            automations: automations, posts: posts, campaigns: campaigns,
            events: EventStore(engine: engine, outbox: outbox), mails: MailStore(engine: engine, ambient: ambient, box: box),
            notifications: notifications)
        setup = OrganizationSetupStore(
            organizations: organizations, members: members, brands: brands, accounts: accounts, keys: keys,
            platforms: ConnectorPlatforms.all)
        if let organization {
            self.organization = organization
        } else {
            self.organization = try await setup.create(
                OrganizationOutline(name: "Acme", plan: .enterprise, brand: "Acme", email: "owner@acme.test"))
        }
        caller = try await keys.authenticate(self.organization.apiKey)
    }

    /// The same world through an engine that fails where the test says.
    func through(_ engine: any RelationalEngine) async throws -> AutomationWorld {
        try await AutomationWorld(engine, ambient, clock, canGenerate: true, organization: organization)
    }

    /// Another organization's caller and brand.
    func stranger() async throws -> (caller: Caller, brand: BrandID) {
        let other = try await setup.create(
            OrganizationOutline(name: "Other", plan: .enterprise, brand: "Other", email: "owner@other.test"))
        return (try await keys.authenticate(other.apiKey), other.brandID)
    }

    @discardableResult
    func automate(
        _ trigger: JSONValue, _ actions: JSONValue, conditions: JSONValue = .null, _ more: [JSONValue.Member] = [],
        for caller: Caller? = nil
    ) async throws -> Automation {
        let members: [JSONValue.Member] = [
            .init("name", "Test"), .init("trigger", trigger), .init("actions", actions), .init("conditions", conditions),
        ]
        return try await automations.create(input(.object(members + more)), for: caller ?? self.caller)
    }

    func input(_ json: JSONValue) throws -> AutomationInput {
        var issues: [FieldIssue] = []
        guard let input = AutomationInput.read(json, at: "", issues: &issues) else { throw APIError.invalid(issues) }
        return input
    }

    @discardableResult
    func post(_ caption: String = "Hello", brand: BrandID? = nil, for caller: Caller? = nil) async throws -> Post {
        var input = PostInput()
        input.brandID = brand ?? organization.brandID
        input.caption = caption
        input.platforms = [.mastodon]
        clock.advance(by: .milliseconds(10))
        return try await posts.create(input, for: caller ?? self.caller)
    }

    /// Works until nothing is due in the feed any more.
    func drain() async throws {
        for _ in 0..<100 { if try await !runs.advance() { return } }
    }

    /// An automation's runs, oldest first.
    func log(_ automation: Automation, for caller: Caller? = nil) async throws -> [AutomationRun] {
        let page = try await runs.list(
            AutomationRunFilter(), of: automation.id, for: caller ?? self.caller, page: PageRequest(limit: 100))
        return page.items.sorted { ($0.createdAt, $0.depth) < ($1.createdAt, $1.depth) }
    }

    func count(_ table: Query) async throws -> Int64 {
        try await engine.read { try $0.first("SELECT count(*) FROM \(table)") { $0.int(0) } ?? 0 }
    }
}

/// Answers with these statuses, one after the other, and remembers what was sent; the last one goes on.
final class Answering: Transport {
    private let statuses: Mutex<[Int]>
    private let requests = Mutex<[OutboundRequest]>([])

    init(_ statuses: Int...) { self.statuses = Mutex(statuses) }

    var sent: [OutboundRequest] { requests.withLock { $0 } }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        requests.withLock { $0.append(request) }
        let status = statuses.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? 204 }
        return OutboundResponse(status: status)
    }
}

/// A generator that answers what it is told, and remembers who asked.
final class Generating: AutomationGenerator {
    private let answers: Mutex<[AutomationTaskOutcome]>
    private let asked = Mutex<[GenerationOrder]>([])

    init(_ answers: AutomationTaskOutcome...) { self.answers = Mutex(answers) }

    var orders: [GenerationOrder] { asked.withLock { $0 } }

    func make(_ order: GenerationOrder) async -> AutomationTaskOutcome {
        asked.withLock { $0.append(order) }
        return answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .refused("nothing to say") }
    }
}
