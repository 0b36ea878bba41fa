package import Relational

/// A database in one SQLite file: one group-committing writer, several snapshot readers.
///
/// - A write returns after its commit is on disk (`synchronous=FULL`). Writes that wait at the same time share one commit,
///   each in a savepoint: 64 concurrent writers reach about four times the rate of one commit each.
/// - A read sees one snapshot, whatever is written meanwhile, and every write that had returned before it began.
/// - Other processes may read and write the same file; a lock of theirs is waited for (five seconds), then the call fails
///   with ``RelationalError/busy``.
/// - 1,024 calls queue for the writer and as many for the readers; further callers are suspended until there is room, in
///   order of arrival, and may be cancelled until then.
package final class SQLiteEngine: RelationalEngine {
    package let dialect = Dialect.sqlite

    let path: String
    private let writer: SQLiteWriter
    private let readers: SQLiteReaders

    /// Opens the file at `path`, or creates it (mode 0600) and its folder (mode 0700).
    /// - Parameters:
    ///   - readers: threads for ``read(_:)``, each with a connection, and as many connections for ``readByKey(_:)``.
    ///   - busyTimeout: how long the lock of another process is waited for.
    ///   - queueLimit: how many calls may queue for the writer, and how many for the readers.
    /// - Throws: ``RelationalError``.
    package init(
        path: String, readers: Int = 4, busyTimeout: Duration = .seconds(5), queueLimit: Int = 1_024
    ) throws {
        try DatabaseFile.create(path)
        self.path = path
        // The writer first: it turns the file into WAL mode, which a read-only connection cannot.
        writer = try SQLiteWriter(path: path, busyTimeout: busyTimeout, queueLimit: queueLimit)
        self.readers = try SQLiteReaders(path: path, count: max(readers, 1), busyTimeout: busyTimeout, queueLimit: queueLimit)
    }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        try await readers.read(body)
    }

    /// Answers on the calling thread while one of the connections kept for this is free, else as ``read(_:)``.
    package func readByKey<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        try await readers.readByKey(body)
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        try await writer.write(body)
    }

    /// Finishes every call made before it, then closes; a second call waits for the same end. Calls made after it fail
    /// with ``RelationalError/closed``.
    package func close() async {
        // Readers first: the last connection to close, the writer, then folds the log into the database file.
        await readers.close()
        await writer.close()
    }

    /// What the writer has done since it was opened. Cheap enough for every scrape.
    package var statistics: SQLiteStatistics { writer.statistics }
}
