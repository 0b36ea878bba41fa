import Contract
import Core
import Foundation
import Logging
import Platforms
import Publishing
import Relational
import SQLiteEngine
import TestSupport

@testable import Features

/// Real SQLite and the real simulators, a fixed clock, and one organization.
struct AnalyticsWorld: Sendable {
    let path: String
    let engine: SQLiteEngine
    let ambient: Ambient
    let clock: FixedClock
    let organizations: OrganizationStore
    let accounts: AccountStore
    let sandbox: SandboxStore
    let keys: KeyStore
    let insights: InsightStore
    let analytics: AnalyticsStore
    let reader: any InsightReader
    let organization: NewOrganization
    let caller: Caller

    init(reader: (any InsightReader)? = nil) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/audenci-analytics-\(UUID().uuidString)/test.sqlite"
        let (ambient, clock) = Ambient.fixed()
        let engine = try SQLiteEngine(path: path, readers: 2)
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        try await self.init(path: path, engine: engine, ambient: ambient, clock: clock, reader: reader, organization: nil)
    }

    private init(
        path: String, engine: SQLiteEngine, ambient: Ambient, clock: FixedClock, reader: (any InsightReader)?,
        organization: NewOrganization?
    ) async throws {
        self.path = path
        self.engine = engine
        self.ambient = ambient
        self.clock = clock
        let outbox = Outbox(ambient: ambient)
        organizations = OrganizationStore(engine: engine, ambient: ambient)
        accounts = AccountStore(
            engine: engine, ambient: ambient, box: SecretBox(masterKey: Secret("a master key for tests")), outbox: outbox)
        sandbox = SandboxStore(engine: engine, ambient: ambient)
        keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        insights = InsightStore(engine: engine, ambient: ambient, outbox: outbox, accounts: accounts)
        analytics = AnalyticsStore(engine: engine, ambient: ambient, organizations: organizations)
        self.reader =
            reader
            ?? ConnectorInsights(
                sessions: PlatformSessions(client: NoNetwork(), sandbox: sandbox, ambient: ambient),
                account: { [accounts] in try await accounts.credential($0, in: $1) }, replace: { _ in false })
        if let organization {
            self.organization = organization
        } else {
            self.organization = try await Self.newOrganization("Acme", engine, ambient, accounts, keys)
        }
        caller = try await keys.authenticate(self.organization.apiKey)
    }

    static func newOrganization(
        _ name: String, _ engine: SQLiteEngine, _ ambient: Ambient, _ accounts: AccountStore, _ keys: KeyStore
    ) async throws -> NewOrganization {
        let setup = OrganizationSetupStore(
            organizations: OrganizationStore(engine: engine, ambient: ambient),
            members: MemberStore(engine: engine, ambient: ambient), brands: BrandStore(engine: engine, ambient: ambient),
            accounts: accounts, keys: keys, platforms: ConnectorPlatforms.all)
        return try await setup.create(
            OrganizationOutline(name: name, plan: .enterprise, brand: name, email: "owner@\(name.lowercased()).test"))
    }

    /// What a process sees that was killed and started again.
    func reopened() async throws -> AnalyticsWorld {
        await engine.close()
        return try await AnalyticsWorld(
            path: path, engine: SQLiteEngine(path: path, readers: 2), ambient: ambient, clock: clock, reader: nil,
            organization: organization)
    }

    func account(_ platform: Platform) -> SocialAccountID {
        organization.accounts.first { $0.platform == platform }?.id ?? SocialAccountID("")
    }

    func externalID(_ platform: Platform) -> String { "\(platform.rawValue)-\(account(platform).rawValue)" }

    /// A post that became visible now, written as publishing writes it. Its ids.
    @discardableResult
    func publish(
        _ platform: Platform, in other: NewOrganization? = nil, pillar: PillarID? = nil, campaign: CampaignID? = nil
    ) async throws -> (post: PostID, publication: PublicationID) {
        let organization = other ?? organization
        let post: PostID = ambient.newID()
        let publication: PublicationID = ambient.newID()
        let now = clock.now
        let account = organization.accounts.first { $0.platform == platform }?.id ?? SocialAccountID("")
        let external = "\(platform.rawValue)-\(account.rawValue)"
        let platformPostID = "9\(publication.rawValue.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) } % 1_000_000_000)"
        _ = try await sandbox.show(
            SandboxPost(
                platform: platform, id: platformPostID, account: external, text: "Hello", mediaCount: 1,
                permalink: "https://x.test",
                createdAt: now), key: nil)
        try await engine.write { connection in
            try connection.execute(
                """
                INSERT INTO post (organization_id, id, brand_id, user_id, caption, platforms, account_ids, media, status,
                    warnings, platform_results, published_at, created_at, updated_at, version, pillar_id, campaign_id)
                VALUES (\(organization.organizationID), \(post), \(organization.brandID), \(organization.userID), 'Hello', '[]', '[]',
                    '[]', 'PUBLISHED', '[]', '{}', \(now), \(now), \(now), 1, \(pillar), \(campaign))
                """)
            try connection.execute(
                """
                INSERT INTO publication (organization_id, id, post_id, social_account_id, platform, state, attempts,
                    reconciliations, fencing_token, platform_post_id, published_at, created_at, updated_at)
                VALUES (\(organization.organizationID), \(publication), \(post), \(account), \(platform), 'PUBLISHED', 1, 0, 1,
                    \(platformPostID), \(now), \(now), \(now))
                """)
            let found = try connection.first(
                PublicationQueries.find(publication, in: organization.organizationID), PublicationQueries.decode)
            if let found {
                try connection.execute(
                    InsightQueries.enroll(found, at: PollPlan.next(publishedAt: now, after: now)))
            }
        }
        return (post, publication)
    }

    func watch(_ publication: PublicationID) async throws -> PostWatch? {
        try await engine.read { [organization] connection in
            try connection.first(
                InsightQueries.post(publication, in: organization.organizationID), InsightQueries.decodePost)
        }
    }

    /// Reads everything that is due now.
    func readAll(rounds: Int = 200) async throws {
        for _ in 0..<rounds {
            let tasks = try await insights.claim(limit: 32, lease: InsightStore.lease, reader: reader, busy: [:])
            for task in tasks { try await insights.record(await reader.read(task), of: task) }
            guard tasks.isEmpty else { continue }
            guard let next = try await insights.nextDue(), next <= clock.now + .seconds(2) else { return }
            clock.set(max(next, clock.now))
        }
    }

    func inject(_ json: JSONValue, on platform: Platform) async throws {
        var issues: [FieldIssue] = []
        guard let change = SandboxChange.read(json, at: "", issues: &issues),
            let account = try await accounts.find(account(platform), for: caller)
        else { throw APIError.invalid(issues) }
        try await insights.inject(change, on: account, for: caller)
    }

    func events(_ type: String) async throws -> [JSONValue] {
        try await engine.read { connection in
            try connection.query("SELECT body FROM event WHERE type = \(type) ORDER BY position") {
                try JSONValue(parsing: $0.text(0))
            }
        }
    }
}
