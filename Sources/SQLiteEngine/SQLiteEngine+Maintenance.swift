package import Relational

#if canImport(Glibc)
    import Glibc
#endif

extension SQLiteEngine {
    /// Folds the write-ahead log into the database file and empties it. Waits for readers and the writer, blocking the
    /// calling thread; meant for operators, since checkpoints happen by themselves every 40 MB of log.
    /// - Throws: ``RelationalError``; ``RelationalError/busy`` when a reader or another process was in the way.
    package func checkpoint() throws {
        let connection = try maintenanceConnection(readOnly: false)
        // The first column tells whether the checkpoint was kept from finishing.
        let blocked = try connection.run("PRAGMA wal_checkpoint(TRUNCATE)") != 0
        if blocked { throw RelationalError.busy }
    }

    /// Writes a compact, consistent copy of the database to a new file (mode 0600) while everything goes on, and returns
    /// when it is durable. Blocks the calling thread. An interrupted backup leaves only `<path>.partial`, which the next
    /// one replaces.
    /// - Throws: ``RelationalError/storage(_:)`` when `path` exists or cannot be written.
    package func backup(to path: String) throws {
        guard !DatabaseFile.exists(path) else { throw RelationalError.storage("\(path) exists already") }
        let partial = path + ".partial"
        unlink(partial)
        // VACUUM INTO accepts an empty file, and so the mode is right before the first byte is written.
        try DatabaseFile.create(partial)
        do {
            try maintenanceConnection(readOnly: true).run("VACUUM INTO ?1", [.text(partial)])
            // VACUUM INTO does not sync its target in SQLite 3.40.
            try DatabaseFile.sync(partial)
            try DatabaseFile.rename(partial, to: path)
        } catch {
            unlink(partial)
            throw error
        }
    }

    /// How SQLite would run `query`: the detail column of EXPLAIN QUERY PLAN, for tests that a list uses its index.
    package func explain(_ query: Query) async throws -> [String] {
        try await read { try $0.query("EXPLAIN QUERY PLAN " + query) { $0.text(3) } }
    }

    private func maintenanceConnection(readOnly: Bool) throws -> SQLiteConnection {
        try SQLiteConnection(path: path, readOnly: readOnly, busyTimeout: .seconds(5))
    }
}
