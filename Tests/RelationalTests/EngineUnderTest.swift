import Foundation
import Relational
import SQLiteEngine
import Testing

/// An engine that the contract is tested on. Another engine joins by one more entry in ``all``.
struct EngineUnderTest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Opens a database in `folder`, which is the test's own. Twice in the same folder is twice the same database.
    let open: @Sendable (_ folder: String) async throws -> any RelationalEngine

    static let all = [
        EngineUnderTest(testDescription: "SQLite") { try SQLiteEngine(path: $0 + "/test.sqlite") }
    ]

    /// Runs `body` on an empty database, which is closed and removed afterwards.
    func onEmptyDatabase(_ body: (any RelationalEngine) async throws -> Void) async throws {
        try await inFolder { folder in
            let engine = try await open(folder)
            do {
                try await body(engine)
            } catch {
                await engine.close()
                throw error
            }
            await engine.close()
        }
    }

    /// Runs `body` with an empty folder, which is removed afterwards.
    func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audenci-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }
}

extension EngineUnderTest {
    static let schema: Query = """
        CREATE TABLE author (id TEXT PRIMARY KEY);
        CREATE TABLE note (
            id TEXT PRIMARY KEY,
            author TEXT REFERENCES author (id),
            slug TEXT UNIQUE,
            number BIGINT,
            ratio DOUBLE PRECISION,
            flag BOOLEAN NOT NULL DEFAULT FALSE,
            CONSTRAINT note_number_is_positive CHECK (number >= 0)
        );
        """

    /// As ``onEmptyDatabase(_:)``, with the tables of ``schema``.
    func onSchema(_ body: (any RelationalEngine) async throws -> Void) async throws {
        try await onEmptyDatabase { database in
            try await database.write { try $0.executeScript(Self.schema) }
            try await body(database)
        }
    }
}

/// The ids of the table `note`, in order.
func notes(_ database: any RelationalEngine) async throws -> [String] {
    try await database.read { try $0.query("SELECT id FROM note ORDER BY id") { $0.text(0) } }
}
