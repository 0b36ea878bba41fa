import Foundation
import GRDB

/// Durable group commits with GRDB and nothing else: 64 callers' rows, one fsync for all, then the next 64. The rows are
/// those of a draft: a post and its event.
enum BareCommits {
    static func run(seconds: Double) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let queue = try DatabaseQueue(path: folder + "/bare.sqlite")
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=10000")
            try db.execute(
                sql: """
                    CREATE TABLE post (organization_id TEXT NOT NULL, id TEXT NOT NULL, brand_id TEXT NOT NULL, body TEXT NOT NULL,
                        status TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (organization_id, id)) WITHOUT ROWID;
                    CREATE INDEX post_status ON post (organization_id, status, id);
                    CREATE INDEX post_brand ON post (organization_id, brand_id, id);
                    CREATE TABLE event (organization_id TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, created_at BIGINT NOT NULL,
                        PRIMARY KEY (organization_id, id)) WITHOUT ROWID;
                    """)
        }
        let body = String(repeating: "x", count: 400)
        var rows = 0
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            let first = rows
            try queue.write { db in
                let post = try db.cachedStatement(sql: "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?)")
                let event = try db.cachedStatement(sql: "INSERT INTO event VALUES (?, ?, ?, ?)")
                for number in first..<first + 64 {
                    let id = String(format: "c%024d", number)
                    try post.execute(arguments: ["organization", id, "brand", body, "DRAFT", number])
                    try event.execute(arguments: ["organization", id, body, number])
                }
            }
            rows += 64
        }
        report([("perSecond", Double(rows) / seconds)])
    }
}
