import GRDB
import Relational
import Synchronization

/// The one writer of this process: a thread that commits everything which queued while it committed before.
///
/// The fsync is the price of a commit (0.2 ms and up), so sharing it is what makes concurrent writes fast; a lone write
/// never waits for company.
final class SQLiteWriter: Sendable {
    private let queue: JobQueue<WriteJob>
    private let thread: WorkerThread
    private let counters: WriteCounters

    init(path: String, busyTimeout: Duration, queueLimit: Int) throws {
        let database = try Self.open(path, busyTimeout: busyTimeout)
        let connection = try database.inDatabase { SQLiteConnection(borrowing: try $0.sqliteHandle) }
        let queue = JobQueue<WriteJob>(limit: queueLimit)
        let counters = WriteCounters()
        self.queue = queue
        self.counters = counters
        // The closure holds the queue, not self: a writer that is dropped without close() ends its thread too.
        thread = try WorkerThread {
            let commit = GroupCommit(connection: connection, counters: counters)
            while true {
                let jobs = queue.take(upTo: GroupCommit.limit)
                if jobs.isEmpty { break }
                database.writeWithoutTransaction { _ in commit.run(jobs) }
            }
            connection.forgetStatements()
            try? database.close()
        }
    }

    deinit { queue.close() }

    func write<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        try await queue.reserve()
        return try await withCheckedThrowingContinuation { continuation in
            queue.put(WriteJob(body, continuation))
        }
    }

    func close() async {
        queue.close()
        await thread.end()
    }

    var statistics: SQLiteStatistics {
        var statistics = counters.value
        (statistics.queued, statistics.waiting) = queue.depth
        return statistics
    }

    private static func open(_ path: String, busyTimeout: Duration) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.journalMode = .wal
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(Double(busyTimeout.wholeMilliseconds) / 1_000)
        // Transactions are GroupCommit's; GRDB would end the process over one that a failing disk left open.
        configuration.allowsUnsafeTransactions = true
        do {
            let database = try DatabaseQueue(path: path, configuration: configuration)
            // After opening: GRDB sets synchronous=NORMAL while it turns on WAL, and an answered write could be lost.
            // 10,000 pages (40 MB) between checkpoints instead of 1,000: up to a third more writes, far fewer stalls.
            try database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 10000")
            }
            return database
        } catch let error as DatabaseError {
            throw RelationalError(code: error.extendedResultCode.rawValue, message: error.message ?? "") { $0 }
        }
    }
}

extension Database {
    /// The C handle, for statements that writer and readers run through the same code.
    fileprivate var sqliteHandle: OpaquePointer {
        get throws {
            guard let handle = sqliteConnection else { throw RelationalError.closed }
            return handle
        }
    }
}

/// Counted by the writer thread, read by anybody.
final class WriteCounters: Sendable {
    private let state = Mutex(SQLiteStatistics())

    var value: SQLiteStatistics { state.withLock { $0 } }

    func committed(_ jobs: Int) {
        state.withLock { state in
            state.commits += 1
            state.jobs += Int64(jobs)
            state.largestGroup = max(state.largestGroup, Int64(jobs))
        }
    }

    func failed() { state.withLock { $0.failedGroups += 1 } }
}
