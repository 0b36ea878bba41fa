/// A database: asynchronous doors, synchronous bodies. Nothing can be awaited inside a transaction, by signature.
package protocol RelationalEngine: Sendable {
    var dialect: Dialect { get }

    /// Runs `body` on a consistent snapshot, off the caller's thread.
    /// - Throws: what `body` throws; ``RelationalError``.
    func read<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value

    /// As ``read(_:)``, for look-ups by key of a few rows that are nearly always in memory: an engine inside the process
    /// may answer on the calling thread, which saves two context switches.
    func readByKey<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value

    /// Runs `body` in a transaction and returns when its effect is durable (fsync). A throwing body changes nothing.
    /// Concurrent calls may share one commit; each is isolated from the failure of the others.
    /// - Throws: what `body` throws; ``RelationalError``.
    @discardableResult
    func write<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value

    /// Finishes what is queued, then closes. Calls after it fail.
    func close() async
}

/// What a body can do with its connection.
package protocol RelationalConnection {
    /// Runs a statement. Returns how many rows it changed.
    @discardableResult
    func execute(_ query: Query) throws -> Int

    /// Runs a query and decodes each row, in order.
    func query<Value>(_ query: Query, _ decode: (any ResultRow) throws -> Value) throws -> [Value]

    /// Runs `body` so that what it changed is undone when it throws, and the transaction goes on.
    func isolated<Value>(_ body: () throws -> Value) throws -> Value

    /// Runs text of several statements without values (migrations only).
    func executeScript(_ query: Query) throws
}

extension RelationalConnection {
    /// The first row, decoded, or nil.
    package func first<Value>(_ query: Query, _ decode: (any ResultRow) throws -> Value) throws -> Value? {
        try self.query(query, decode).first
    }

    /// True when the query has a row.
    package func exists(_ query: Query) throws -> Bool { try first(query) { _ in true } ?? false }
}
