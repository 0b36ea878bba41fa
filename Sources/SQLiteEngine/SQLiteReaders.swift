import Relational
import Synchronization

/// Read-only connections: one for each thread of its own, and some for reads on the calling thread.
final class SQLiteReaders: Sendable {
    typealias Job = @Sendable (SQLiteConnection) -> Void

    let inline: InlineConnections
    private let queue: JobQueue<Job>
    private let threads: [WorkerThread]

    init(path: String, count: Int, busyTimeout: Duration, queueLimit: Int) throws {
        func connect() throws -> SQLiteConnection {
            try SQLiteConnection(path: path, readOnly: true, busyTimeout: busyTimeout)
        }
        let queue = JobQueue<Job>(limit: queueLimit)
        self.queue = queue
        do {
            inline = InlineConnections(try (0..<count).map { _ in try connect() })
            threads = try (0..<count).map { _ in
                let connection = try connect()
                // The closure holds the queue, not self: readers that are dropped without close() end their threads too.
                return try WorkerThread {
                    while let job = queue.take(upTo: 1).first { job(connection) }
                }
            }
        } catch {
            queue.close()
            throw error
        }
    }

    deinit { queue.close() }

    func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        try await queue.reserve()
        return try await withCheckedThrowingContinuation { continuation in
            queue.put { connection in continuation.resume(with: Result { try connection.snapshot(body) }) }
        }
    }

    func readByKey<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        guard let connection = try inline.borrow() else { return try await read(body) }
        defer { inline.giveBack(connection) }
        return try connection.snapshot(body)
    }

    func close() async {
        queue.close()
        for thread in threads { await thread.end() }
        await inline.close()
    }
}

/// Connections lent to whichever thread asks first.
final class InlineConnections: Sendable {
    private struct State {
        var free: [SQLiteConnection]
        var lent = 0
        var closed = false
    }

    private let state: Mutex<State>
    private let allBack = Ending()

    init(_ connections: [SQLiteConnection]) { state = Mutex(State(free: connections)) }

    /// Nil when all are lent.
    /// - Throws: ``RelationalError/closed``.
    func borrow() throws -> SQLiteConnection? {
        try state.withLock { state in
            if state.closed { throw RelationalError.closed }
            guard let connection = state.free.popLast() else { return nil }
            state.lent += 1
            return connection
        }
    }

    func giveBack(_ connection: SQLiteConnection) {
        let last = state.withLock { state in
            state.lent -= 1
            if !state.closed { state.free.append(connection) }
            return state.closed && state.lent == 0
        }
        if last { allBack.reached() }
    }

    /// Lends no more; returns when all are back.
    func close() async {
        let idle = state.withLock { state in
            state.closed = true
            state.free.removeAll()
            return state.lent == 0
        }
        if idle { allBack.reached() }
        await allBack.wait()
    }
}
