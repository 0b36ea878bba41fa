import Contract
import Core
import Foundation
import PayloadFormats
import Relational
import SQLiteEngine
import Testing

@testable import Features

/// A database as the first release left it is brought up to date with what is in it.
@Suite(.serialized) struct MigrationTests {
    @Test func aWebhookKeepsItsKeyAndEventsGetTheirPlaces() async throws {
        let (ambient, _) = Ambient.fixed()
        let engine = try SQLiteEngine(
            path: FileManager.default.temporaryDirectory.path + "/audenci-migration-\(UUID().uuidString)/test.sqlite",
            readers: 1)
        _ = try await Migrator(FeatureList.migrations).run(on: engine, now: ambient.now)
        let box = SecretBox(masterKey: Secret("a master key for tests"))
        let secret = try box.seal(Secret("whsec_old"), context: "webhook|secret|o|w")
        let headers = try box.seal(Secret("{}"), context: "webhook|headers|o|w")
        try await engine.write { connection in
            try connection.execute(
                """
                INSERT INTO organization (id, name, plan, created_at, updated_at, version) VALUES ('o', 'O', 'GROWTH', 1, 1, 1)
                """)
            try connection.execute(
                """
                INSERT INTO webhook (organization_id, id, url, events, enabled, headers_sealed, secret_sealed, timeout_seconds,
                    next_sequence, user_id, created_at, updated_at, version)
                VALUES ('o', 'w', 'https://a.example/', '["*"]', TRUE, \(headers), \(secret), 15, 1, 'u', 5000, 5000, 1)
                """)
            for id in ["c3", "c1", "c2"] {
                try connection.execute(
                    """
                    INSERT INTO event (organization_id, id, type, body, created_at)
                    VALUES ('o', \(id), 'webhook.test', '{}', 1)
                    """)
            }
        }
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        let webhooks = WebhookStore(engine: engine, ambient: ambient, box: box)
        let (webhook, secrets) = try await webhooks.opened(ID("w"), in: ID("o"))
        #expect(secrets.keys.map { $0.secret.reveal() } == ["whsec_old"])
        #expect(secrets.keys.map(\.from) == [Instant(seconds: 5)])
        #expect(webhook.ordering == .none && webhook.options.format == .audenci)
        let places = try await engine.read { connection in
            try connection.query("SELECT id, position FROM event ORDER BY position") { "\($0.text(0)) \($0.int(1))" }
        }
        #expect(places == ["c1 1", "c2 2", "c3 3"])
        let next = try await engine.write { connection in
            try connection.first(EventQueries.nextPosition(in: ID("o"))) { $0.int(0) }
        }
        #expect(next == 4)
    }
}
