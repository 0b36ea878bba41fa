import Contract
import Core
import Features
import Foundation
import Relational
import SQLiteEngine

/// Snapshots in, sums and exports out, beside bare SQLite doing the same with the same tables.
enum AnalyticsBench {
    private static let posts = 10_000
    private static let accounts = 10
    private static let batch = 500
    private static let days: Int64 = 90

    static func run(snapshots: Int) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/bench-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let start = Instant(seconds: 1_770_000_000)
        let (ambient, clock) = Ambient.fixed(at: start)
        let engine = try SQLiteEngine(path: folder + "/bench.sqlite")
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        let world = try await Self.world(engine, ambient)
        let publications = try await seed(engine, world.organization, at: start, ambient)
        let bare = try BareAnalytics(path: folder + "/bare.sqlite", publications: publications.map(\.rawValue))

        let rounds = max(snapshots / posts, 1)
        let step = Duration.seconds(days * 86_400 / Int64(rounds + 1))
        let ingested = try await timed {
            for round in 0..<rounds {
                clock.advance(by: step)
                for first in stride(from: 0, to: posts, by: batch) {
                    try await world.insights.record(
                        publications[first..<min(first + batch, posts)].map { publication in
                            .init(
                                organization: world.organization.organizationID, publication: publication,
                                metrics: metrics(round))
                        })
                }
            }
        }
        let bareIngested = try timedNow {
            for round in 0..<rounds {
                let quarter = (start + step * (round + 1)).milliseconds / 900_000
                for first in stride(from: 0, to: posts, by: batch) {
                    try bare.record(first..<min(first + batch, posts), quarter: quarter, metrics: metrics(round))
                }
            }
        }

        var filter = AnalyticsFilter()
        filter.from = start
        filter.to = start + .seconds(days * 86_400)
        let question = filter
        var asked: [Double] = []
        var bareAsked: [Double] = []
        for _ in 0..<5 {
            asked.append(
                try await timed { _ = try await world.analytics.report(question, for: world.caller) })
            bareAsked.append(try timedNow { try bare.sums() })
        }

        let export = try await exported(world)
        let bareExported = try timedNow { try bare.lines() }
        await engine.close()
        report([
            ("snapshots", Double(rounds * posts)), ("ingestPerSecond", Double(rounds * posts) / ingested),
            ("ingestRatio", bareIngested / ingested), ("reportMs", median(asked) * 1000),
            ("reportRatio", median(bareAsked) / median(asked)), ("exportSeconds", export.seconds),
            ("exportRatio", bareExported / export.seconds), ("exportMB", Double(export.bytes) / 1_048_576),
            ("exportRows", Double(export.rows)), ("exportMoreMB", export.moreMegabytes),
        ])
    }

    /// One reading in ten has something new: then there is an event too.
    private static func metrics(_ round: Int) -> Metrics {
        let value = Int64(round / 10) * 37
        return Metrics([
            (.reach, value * 10), (.views, value * 13), (.likes, value), (.comments, value / 7), (.shares, value / 9),
            (.saves, nil), (.clicks, value / 3),
        ])
    }

    private struct World: Sendable {
        let organization: NewOrganization
        let caller: Caller
        let insights: InsightStore
        let analytics: AnalyticsStore
    }

    private static func world(_ engine: SQLiteEngine, _ ambient: Ambient) async throws -> World {
        let box = SecretBox(masterKey: Secret("a master key for benchmarks"))
        let outbox = Outbox(ambient: ambient)
        let keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        let accounts = AccountStore(engine: engine, ambient: ambient, box: box, outbox: outbox)
        let organizations = OrganizationStore(engine: engine, ambient: ambient)
        let organization = try await OrganizationSetupStore(
            organizations: organizations, members: MemberStore(engine: engine, ambient: ambient),
            brands: BrandStore(engine: engine, ambient: ambient), accounts: accounts, keys: keys, platforms: []
        ).create(OrganizationOutline(name: "Bench", plan: .enterprise, brand: "Bench", email: "bench@acme.test"))
        return World(
            organization: organization, caller: try await keys.authenticate(organization.apiKey),
            insights: InsightStore(engine: engine, ambient: ambient, outbox: outbox, accounts: accounts),
            analytics: AnalyticsStore(engine: engine, ambient: ambient, organizations: organizations))
    }

    /// Ten accounts and ten thousand published posts on them.
    private static func seed(
        _ engine: SQLiteEngine, _ organization: NewOrganization, at start: Instant, _ ambient: Ambient
    ) async throws -> [PublicationID] {
        try await engine.write { connection in
            let id = organization.organizationID
            for number in 0..<accounts {
                try connection.execute(
                    """
                    INSERT INTO social_account (organization_id, id, brand_id, platform, external_id, username, base_url,
                        is_sandbox, status, created_at, updated_at, version, token_sealed)
                    VALUES (\(id), \("account-\(number)"), \(organization.brandID), 'instagram', \("\(number)"), 'acme', '', FALSE,
                        'ACTIVE', \(start), \(start), 1, '')
                    """)
            }
            var publications: [PublicationID] = []
            for number in 0..<posts {
                let post: PostID = ambient.newID()
                let publication: PublicationID = ambient.newID()
                publications.append(publication)
                try connection.execute(
                    """
                    INSERT INTO post (organization_id, id, brand_id, user_id, caption, platforms, account_ids, media, status,
                        warnings, platform_results, published_at, created_at, updated_at, version)
                    VALUES (\(id), \(post), \(organization.brandID), \(organization.userID), 'Hello', '[]', '[]', '[]', 'PUBLISHED',
                        '[]', '{}', \(start), \(start), \(start), 1)
                    """)
                try connection.execute(
                    """
                    INSERT INTO publication (organization_id, id, post_id, social_account_id, platform, state, attempts,
                        reconciliations, fencing_token, platform_post_id, published_at, created_at, updated_at)
                    VALUES (\(id), \(publication), \(post), \("account-\(number % accounts)"), 'instagram', 'PUBLISHED', 1, 0, 1,
                        \("\(number)"), \(start), \(start), \(start))
                    """)
                try connection.execute(
                    """
                    INSERT INTO post_watch (organization_id, publication_id, post_id, social_account_id, brand_id, platform,
                        platform_post_id, published_at, failures, untold, is_sandbox)
                    VALUES (\(id), \(publication), \(post), \("account-\(number % accounts)"), \(organization.brandID), 'instagram',
                        \("\(number)"), \(start), 0, '[]', FALSE)
                    """)
            }
            return publications
        }
    }

    private static func exported(_ world: World) async throws -> (
        seconds: Double, bytes: Int, rows: Int, moreMegabytes: Double
    ) {
        let api = AnalyticsAPI(
            analytics: world.analytics, insights: world.insights, exports: ExportStore(engine: world.analytics.engine))
        guard let endpoint = api.endpoints.first(where: { $0.id == "analytics.export" }) else { throw CancellationError() }
        let reply = try await endpoint.respond(world.caller, APIRequest(method: "GET", path: endpoint.path))
        let before = residentMegabytes()
        var bytes = 0
        var rows = 0
        var most = before
        let seconds = try await timed {
            try await reply.stream? { piece in
                bytes += piece.count
                rows += piece.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
                if rows.isMultiple(of: 50_000) { most = max(most, residentMegabytes()) }
            }
        }
        return (seconds, bytes, rows, most - before)
    }

    private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}

/// Seconds that `work` takes, without suspending.
private func timedNow(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    return (ContinuousClock.now - start).inSeconds
}
