import Foundation
import Metering
import Relational
import SQLiteEngine

/// A SQLite file of its own with the tables of Metering; deleted when the test is over.
func withDatabase<Value>(_ body: (_ path: String) async throws -> Value) async throws -> Value {
    let folder = FileManager.default.temporaryDirectory.appending(path: "audenci-metering-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "test.sqlite").path
    let engine = try SQLiteEngine(path: path)
    try await engine.write { connection in
        for migration in MeteringMigrations.all { try connection.executeScript(migration.script) }
    }
    await engine.close()
    return try await body(path)
}

/// Opens the file, as a start of the server does, and closes it afterwards.
func withEngine<Value>(_ path: String, _ body: (SQLiteEngine) async throws -> Value) async throws -> Value {
    let engine = try SQLiteEngine(path: path)
    do {
        let value = try await body(engine)
        await engine.close()
        return value
    } catch {
        await engine.close()
        throw error
    }
}

extension SQLiteEngine {
    /// What the table says is reserved, over all windows.
    func reserved() async throws -> [Int] {
        try await read {
            try $0.query("SELECT reserved FROM rate_window ORDER BY organization_id, window_start") { Int($0.int(0)) }
        }
    }
}
