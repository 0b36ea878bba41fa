import Foundation
import GRDB
import Synchronization

/// Durable group commits with GRDB and nothing else: 64 tasks each ask for one row's commit and wait for it; a writer
/// takes everything that is asked for, commits it with one fsync, and answers. The rows are those of a draft: a post and
/// its event.
enum BareCommits {
    static func run(seconds: Double) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let writer = try BareWriter(path: folder + "/bare.sqlite")
        let end = ContinuousClock.now + .seconds(seconds)
        let rows = await withTaskGroup(of: Int.self) { group in
            for task in 0..<64 {
                group.addTask {
                    var count = 0
                    while ContinuousClock.now < end {
                        await writer.insert(task * 10_000_000 + count)
                        count += 1
                    }
                    return count
                }
            }
            return await group.reduce(0, +)
        }
        writer.stop()
        report([("perSecond", Double(rows) / seconds)])
    }
}

/// One thread that commits whatever is waiting.
private final class BareWriter: Sendable {
    private struct State {
        var waiting: [(number: Int, answer: CheckedContinuation<Void, Never>)] = []
        var isStopped = false
    }
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)

    init(path: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=10000")
            try db.execute(sql: Self.schema)
        }
        let thread = Thread { [self] in
            while true {
                work.wait()
                let (jobs, isStopped) = state.withLock { state in
                    defer { state.waiting = [] }
                    return (state.waiting, state.isStopped)
                }
                if isStopped { return }
                if jobs.isEmpty { continue }
                try? queue.write { db in
                    let post = try db.cachedStatement(sql: "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?)")
                    let event = try db.cachedStatement(sql: "INSERT INTO event VALUES (?, ?, ?, ?)")
                    for job in jobs {
                        let id = "c\(job.number)"
                        try post.execute(arguments: ["organization", id, "brand", Self.body, "DRAFT", job.number])
                        try event.execute(arguments: ["organization", id, Self.body, job.number])
                    }
                }
                for job in jobs { job.answer.resume() }
            }
        }
        thread.start()
    }

    func insert(_ number: Int) async {
        await withCheckedContinuation { answer in
            state.withLock { $0.waiting.append((number, answer)) }
            work.signal()
        }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        work.signal()
    }

    private static let body = String(repeating: "x", count: 400)
    private static let schema = """
        CREATE TABLE post (organization_id TEXT NOT NULL, id TEXT NOT NULL, brand_id TEXT NOT NULL, body TEXT NOT NULL,
            status TEXT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (organization_id, id)) WITHOUT ROWID;
        CREATE INDEX post_status ON post (organization_id, status, id);
        CREATE INDEX post_brand ON post (organization_id, brand_id, id);
        CREATE TABLE event (organization_id TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL, created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id)) WITHOUT ROWID;
        """
}
