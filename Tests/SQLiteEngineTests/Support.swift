import Dispatch
import Foundation
import Relational
import Testing

@testable import SQLiteEngine

/// Runs `body` with an empty folder, which is removed afterwards.
func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audenci-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
}

/// Runs `body` on a new database with the table `note (id TEXT PRIMARY KEY, body TEXT)`; closes it afterwards.
func onDatabase(queueLimit: Int = 1_024, _ body: (SQLiteEngine) async throws -> Void) async throws {
    try await inFolder { folder in
        let engine = try SQLiteEngine(path: folder + "/test.sqlite", queueLimit: queueLimit)
        do {
            try await engine.write { try $0.executeScript("CREATE TABLE note (id TEXT PRIMARY KEY, body TEXT)") }
            try await body(engine)
        } catch {
            await engine.close()
            throw error
        }
        await engine.close()
    }
}

extension SQLiteEngine {
    func insert(_ id: String) async throws {
        _ = try await write { try $0.execute("INSERT INTO note (id) VALUES (\(id))") }
    }

    func ids() async throws -> [String] { try await read { try $0.query("SELECT id FROM note ORDER BY id") { $0.text(0) } } }

    /// Occupies the writer's thread from the return of this call on, so that a test decides what forms the next group.
    func holdWriter() async -> HeldWriter {
        let (started, signal) = AsyncStream.makeStream(of: Void.self)
        let release = DispatchSemaphore(value: 0)
        let task = Task {
            try await self.write { _ in
                signal.finish()
                release.wait()
            }
        }
        for await _ in started {}
        return HeldWriter(gate: release, task: task)
    }

    /// Returns once so many writes are queued and so many callers wait for room. The suite's time limit bounds it.
    func untilQueued(_ queued: Int, waiting: Int = 0) async {
        while statistics.queued != queued || statistics.waiting != waiting { await Task.yield() }
    }
}

struct HeldWriter {
    fileprivate let gate: DispatchSemaphore
    fileprivate let task: Task<Void, any Error>

    /// Lets the writer go on.
    func release() { gate.signal() }
    func end() async throws { try await task.value }
}

struct Refusal: Error, Equatable {}
