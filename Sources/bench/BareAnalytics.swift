import Core
import GRDB

/// The same work with GRDB and nothing else: no tenants, no events, no plan of readings.
struct BareAnalytics {
    private let queue: DatabaseQueue
    private let publications: [String]

    private static let names = Metric.allCases.map(\.rawValue)
    private static let gains = names.map { "gained_\($0)" }

    init(path: String, publications: [String]) throws {
        self.publications = publications
        queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=10000")
        }
        let columns = Self.names.map { "\($0) BIGINT" }.joined(separator: ", ")
        let both = (Self.names + Self.gains).map { "\($0) BIGINT" }.joined(separator: ", ")
        try queue.write { db in
            try db.execute(
                sql: """
                    CREATE TABLE watch (organization_id TEXT NOT NULL, id TEXT NOT NULL, sequence BIGINT NOT NULL, \(columns),
                        PRIMARY KEY (organization_id, id)) WITHOUT ROWID;
                    CREATE TABLE snapshot (organization_id TEXT NOT NULL, quarter BIGINT NOT NULL, account TEXT NOT NULL,
                        sequence BIGINT NOT NULL, publication TEXT NOT NULL, post TEXT NOT NULL, captured_at BIGINT NOT NULL,
                        \(both), PRIMARY KEY (organization_id, quarter, account, sequence)) WITHOUT ROWID;
                    CREATE UNIQUE INDEX snapshot_publication ON snapshot (organization_id, publication, sequence);
                    """)
            let insert = try db.cachedStatement(sql: "INSERT INTO watch (organization_id, id, sequence) VALUES (?, ?, 0)")
            for publication in publications { try insert.execute(arguments: [Self.organization, publication]) }
        }
    }

    private static let organization = "cmwtjuhwtjmnbjgedvjqofnru"

    /// Reads what is known, adds a snapshot with its gains, and writes what is known now: one commit for all.
    func record(_ range: Range<Int>, quarter: Int64, metrics: Metrics) throws {
        let all = Self.names + Self.gains
        let marks = Array(repeating: "?", count: 7 + all.count).joined(separator: ", ")
        let sets = Self.names.map { "\($0) = ?" }.joined(separator: ", ")
        try queue.write { db in
            let select = try db.cachedStatement(
                sql: "SELECT sequence, \(Self.names.joined(separator: ", ")) FROM watch WHERE organization_id = ? AND id = ?")
            let insert = try db.cachedStatement(sql: "INSERT INTO snapshot VALUES (\(marks))")
            let update = try db.cachedStatement(
                sql: "UPDATE watch SET sequence = ?, \(sets) WHERE organization_id = ? AND id = ?")
            for index in range {
                let id = publications[index]
                guard let row = try Row.fetchOne(select, arguments: [Self.organization, id]) else { continue }
                var known = Metrics()
                for (place, metric) in Metric.allCases.enumerated() { known[metric] = row[place + 1] }
                let sequence = quarter * 10_000 + Int64(index)
                var values: [(any DatabaseValueConvertible)?] = [
                    Self.organization, quarter, "account-\(index % 10)", sequence, id, id, quarter * 900_000,
                ]
                let gained = metrics.gained(since: known)
                for metric in Metric.allCases { values.append(metrics[metric]) }
                for metric in Metric.allCases { values.append(gained[metric]) }
                try insert.execute(arguments: StatementArguments(values))
                let now = metrics.filled(from: known)
                var set: [(any DatabaseValueConvertible)?] = [sequence]
                for metric in Metric.allCases { set.append(now[metric]) }
                set += [Self.organization, id]
                try update.execute(arguments: StatementArguments(set))
            }
        }
    }

    /// The sums of every quarter and account.
    func sums() throws {
        let sums = Self.gains.map { "sum(\($0))" }.joined(separator: ", ")
        try queue.read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT quarter, account, count(*), \(sums) FROM snapshot WHERE organization_id = ? GROUP BY quarter, account
                    """, arguments: [Self.organization])
            var total: Int64 = 0
            while let row = try rows.next() { total &+= row[2] as Int64 }
        }
    }

    /// Every snapshot as a line of JSON.
    func lines() throws {
        let columns = Self.names.joined(separator: ", ")
        try queue.read { db in
            let rows = try Row.fetchCursor(
                db, sql: "SELECT sequence, captured_at, post, publication, account, \(columns) FROM snapshot")
            while let row = try rows.next() {
                var writer = JSONWriter(capacity: 400)
                writer.beginObject()
                writer.key("sequence"); writer.int(row[0])
                writer.key("capturedAt"); writer.instant(Instant(milliseconds: row[1]))
                for (place, name) in ["postId", "publicationId", "socialAccountId"].enumerated() {
                    writer.key(name); writer.string(row[place + 2])
                }
                for (place, name) in Self.names.enumerated() {
                    writer.key(name)
                    if let value = row[place + 5] as Int64? { writer.int(value) } else { writer.null() }
                }
                writer.endObject()
            }
        }
    }
}
