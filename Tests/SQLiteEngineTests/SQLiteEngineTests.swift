import Dispatch
import Foundation
import Relational
import Testing

@testable import SQLiteEngine

@Suite(.serialized, .timeLimit(.minutes(1))) struct SQLiteEngineTests {
    @Test(arguments: [
        ("synchronous", 2), ("foreign_keys", 1), ("wal_autocheckpoint", 10_000), ("busy_timeout", 5_000),
    ])
    func writerIsSetUpForDurability(pragma: String, expected: Int64) async throws {
        try await onDatabase { engine in
            let query = Query(stringLiteral: "PRAGMA \(pragma)")
            let value = try await engine.write { try $0.first(query) { $0.int(0) } }
            #expect(value == expected)
        }
    }

    @Test func logsAhead() async throws {
        try await onDatabase { engine in
            let mode = try await engine.write { try $0.first("PRAGMA journal_mode") { $0.text(0) } }
            #expect(mode == "wal")
        }
    }

    @Test func filesAndFoldersAreTheirOwnersAlone() async throws {
        try await inFolder { folder in
            let engine = try SQLiteEngine(path: folder + "/a/b/test.sqlite")
            try await engine.write { try $0.executeScript("CREATE TABLE note (id TEXT)") }
            try engine.backup(to: folder + "/copy.sqlite")
            func mode(_ name: String) throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: folder + name)[.posixPermissions] as? Int
            }
            #expect(try mode("/a") == 0o700)
            #expect(try mode("/a/b") == 0o700)
            for name in ["/a/b/test.sqlite", "/a/b/test.sqlite-wal", "/copy.sqlite"] { #expect(try mode(name) == 0o600) }
            await engine.close()
        }
    }

    @Test func pathThatCannotBeAFileIsAStorageError() async throws {
        try await inFolder { folder in
            for path in [folder, folder + "/file/test.sqlite", folder + "/file"] {
                _ = FileManager.default.createFile(atPath: folder + "/file", contents: Data("This is no database".utf8))
                do {
                    _ = try SQLiteEngine(path: path)
                    Issue.record("opened \(path)")
                } catch let error as RelationalError {
                    guard case .storage = error else {
                        Issue.record(error)
                        return
                    }
                }
            }
        }
    }

    @Test(arguments: [
        ("INSERT INTO k VALUES (1, 1, 'new')", RelationalError.unique(constraint: "k.a, k.b")),
        ("INSERT INTO k VALUES (2, 2, 'taken')", .unique(constraint: "k.name")),
        ("INSERT INTO l VALUES ('TAKEN')", .unique(constraint: "l_by_lower_name")),
        ("INSERT INTO k VALUES (-1, 2, 'new')", .check(constraint: "positive")),
        ("INSERT INTO k VALUES (1, NULL, 'new')", .notNull(column: "k.b")),
        ("INSERT INTO r VALUES (9)", .foreignKey),
        ("INSERT INTO g VALUES (1)", .other("guarded")),
        ("SELECT * FROM nowhere", .other("no such table: nowhere")),
        ("SELECT 1; SELECT 2", .other("expected exactly one statement; a script goes through executeScript")),
        ("SELECT ?1", .other("1 parameters but 0 values")),
        ("SELECT \"name that is no column\"", .other("no such column: name that is no column")),
    ])
    func errorsHaveNames(sql: String, expected: RelationalError) async throws {
        try await onDatabase { engine in
            try await engine.write { connection in
                try connection.executeScript(
                    """
                    CREATE TABLE k (a BIGINT, b BIGINT, name TEXT UNIQUE, CONSTRAINT positive CHECK (a > 0), PRIMARY KEY (a, b))
                        WITHOUT ROWID;
                    CREATE TABLE l (name TEXT);
                    CREATE UNIQUE INDEX l_by_lower_name ON l (lower(name));
                    CREATE TABLE p (id BIGINT PRIMARY KEY);
                    CREATE TABLE r (p BIGINT REFERENCES p (id));
                    CREATE TABLE g (id BIGINT);
                    CREATE TRIGGER g_guard BEFORE INSERT ON g BEGIN SELECT RAISE(ABORT, 'guarded'); END;
                    INSERT INTO k VALUES (1, 1, 'taken');
                    INSERT INTO l VALUES ('taken');
                    """)
            }
            await #expect(throws: expected) { try await engine.write { try $0.execute(Query(stringLiteral: sql)) } }
        }
    }

    @Test func wordsThatQuoteAValueAreReplaced() async throws {
        try await onDatabase { engine in
            do {
                _ = try await engine.read { try $0.first("SELECT json_extract('{}', \("s3cr3t"))") { $0.text(0) } }
                Issue.record("expected an error")
            } catch let error as RelationalError {
                #expect(error == .other("SQL logic error in: SELECT json_extract('{}', ?1)"))
            }
        }
    }

    @Test func readersCannotWrite() async throws {
        try await onDatabase { engine in
            for attempt in [engine.read, engine.readByKey] as [(@escaping Body) async throws -> Int] {
                do {
                    _ = try await attempt { try $0.execute("INSERT INTO note (id) VALUES ('a')") }
                    Issue.record("expected an error")
                } catch let error as RelationalError {
                    #expect("\(error)".contains("readonly"))
                }
            }
            #expect(try await engine.ids() == [])
        }
    }

    private typealias Body = @Sendable (any RelationalConnection) throws -> Int

    @Test func queryInsideTheRowsOfTheSameQueryKeepsBothApart() async throws {
        try await onDatabase { engine in
            for id in ["a", "b", "c"] { try await engine.insert(id) }
            let query: Query = "SELECT id FROM note ORDER BY id"
            let pairs = try await engine.read { connection in
                try connection.query(query) { outer in
                    let name = outer.text(0)
                    return try connection.query(query) { name + $0.text(0) }
                }
            }
            #expect(pairs == [["aa", "ab", "ac"], ["ba", "bb", "bc"], ["ca", "cb", "cc"]])
        }
    }

    @Test func thousandsOfDifferentTextsFindTheirAnswers() async throws {
        try await onDatabase { engine in
            let sums = try await engine.read { connection in
                try (0..<1_200).map { number in
                    try connection.first(Query(stringLiteral: "SELECT \(number) + 1")) { $0.int(0) }
                }
            }
            #expect(sums == (1...1_200).map { Int64($0) })
        }
    }

    @Test func cachedStatementsFollowASchemaThatChanges() async throws {
        try await onDatabase { engine in
            let query: Query = "SELECT * FROM note"
            try await engine.insert("a")
            #expect(try await engine.read { try $0.query(query) { $0.isNull(2) } } == [true])
            try await engine.write { try $0.executeScript("ALTER TABLE note ADD COLUMN extra TEXT DEFAULT 'new'") }
            #expect(try await engine.read { try $0.query(query) { $0.text(2) } } == ["new"])
        }
    }

    @Test func keyReadsFallBackToThreadsWhenAllConnectionsAreLent() async throws {
        try await inFolder { folder in
            let writer = try SQLiteEngine(path: folder + "/test.sqlite")
            try await writer.write { try $0.executeScript("CREATE TABLE note (id TEXT PRIMARY KEY)") }
            let readers = try SQLiteReaders(
                path: folder + "/test.sqlite", count: 2, busyTimeout: .seconds(5), queueLimit: 10)
            let lent = try [readers.inline.borrow(), readers.inline.borrow()].compactMap { $0 }
            #expect(lent.count == 2)
            #expect(try readers.inline.borrow() == nil)
            #expect(try await readers.readByKey { try $0.first("SELECT COUNT(*) FROM note") { $0.int(0) } } == 0)
            for connection in lent { readers.inline.giveBack(connection) }
            await readers.close()
            await writer.close()
        }
    }

    @Test func explainsHowAQueryRuns() async throws {
        try await onDatabase { engine in
            let byKey = try await engine.explain("SELECT body FROM note WHERE id = \("a")")
            #expect(byKey == ["SEARCH note USING INDEX sqlite_autoindex_note_1 (id=?)"])
            #expect(try await engine.explain("SELECT body FROM note WHERE body = \("a")") == ["SCAN note"])
        }
    }

    @Test func checkpointEmptiesTheLog() async throws {
        try await onDatabase { engine in
            try await engine.insert("a")
            func logSize() throws -> Int? {
                try FileManager.default.attributesOfItem(atPath: engine.path + "-wal")[.size] as? Int
            }
            #expect(try logSize() ?? 0 > 0)
            try engine.checkpoint()
            #expect(try logSize() == 0)
            #expect(try await engine.ids() == ["a"])
        }
    }

    @Test func closeLeavesOneFileWithEverythingInIt() async throws {
        try await onDatabase { engine in
            try await engine.insert("a")
            await engine.close()
            #expect(!FileManager.default.fileExists(atPath: engine.path + "-wal"))
        }
    }

    @Test func backupIsACopyOfOneMomentAndNeverOverwrites() async throws {
        try await onDatabase { engine in
            try await engine.insert("a")
            let target = engine.path + ".backup"
            _ = FileManager.default.createFile(atPath: target + ".partial", contents: Data("left by a crash".utf8))
            // The writer is in the middle of a transaction: a backup does not wait for it.
            let held = await engine.holdWriter()
            try engine.backup(to: target)
            held.release()
            try await held.end()
            try await engine.insert("b")
            #expect(throws: RelationalError.storage("\(target) exists already")) { try engine.backup(to: target) }
            #expect(!FileManager.default.fileExists(atPath: target + ".partial"))
            let copy = try SQLiteEngine(path: target)
            #expect(try await copy.ids() == ["a"])
            await copy.close()
        }
    }
}
