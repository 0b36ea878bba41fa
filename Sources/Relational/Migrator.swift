package import Core

/// Brings a database's schema up to date, and refuses one whose history it does not recognise.
///
/// The list is one append-only history: what is applied must be a prefix of it, by name and by checksum. A new migration
/// therefore goes to the end of the whole list, whichever feature it belongs to.
///
/// ```swift
/// let applied = try await Migrator(migrations).run(on: engine, now: ambient.now)
/// ```
package struct Migrator: Sendable {
    private let migrations: [Migration]

    package init(_ migrations: [Migration]) { self.migrations = migrations }

    /// Applies what is pending, each migration in a transaction of its own together with its history row.
    ///
    /// The history is read again inside every transaction, so that two processes that start at once do not both apply one.
    /// - Parameter now: stamps the history rows.
    /// - Returns: the names applied by this call, in order.
    /// - Throws: ``MigrationError``; ``RelationalError`` when the history itself cannot be read or written.
    package func run(on engine: any RelationalEngine, now: @Sendable () -> Instant) async throws -> [String] {
        var applied: [String] = []
        guard try await !pending(on: engine).isEmpty else { return applied }
        let steps = try steps(for: engine.dialect)
        while true {
            let moment = now()
            let name: String? = try await engine.write { connection in
                let history = try Self.history(connection)
                try Self.check(history, against: steps)
                guard history.count < steps.count else { return nil }
                let step = steps[history.count]
                do {
                    try connection.executeScript(step.script)
                } catch let error as RelationalError {
                    throw MigrationError.failed(step.name, error)
                }
                try connection.execute(
                    """
                    INSERT INTO schema_migration (name, checksum, position, applied_at)
                    VALUES (\(step.name), \(step.checksum), \(history.count), \(moment))
                    """)
                return step.name
            }
            guard let name else { return applied }
            applied.append(name)
        }
    }

    /// The names that ``run(on:now:)`` would apply, in order. Creates the (empty) history table in a new database.
    /// - Throws: as ``run(on:now:)``.
    package func pending(on engine: any RelationalEngine) async throws -> [String] {
        let steps = try steps(for: engine.dialect)
        let history = try await engine.write { connection in
            try connection.executeScript(Self.table)
            return try Self.history(connection)
        }
        try Self.check(history, against: steps)
        return steps.dropFirst(history.count).map(\.name)
    }
}

extension Migrator {
    private struct Step: Sendable {
        let name: String
        let script: Query
        let checksum: String
    }

    private struct Applied: Sendable {
        let name: String
        let checksum: String
    }

    private static var table: Query {
        """
        CREATE TABLE IF NOT EXISTS schema_migration (
            name TEXT PRIMARY KEY NOT NULL,
            checksum TEXT NOT NULL,
            position BIGINT NOT NULL UNIQUE,
            applied_at BIGINT NOT NULL
        )
        """
    }

    private func steps(for dialect: Dialect) throws -> [Step] {
        var seen: Set<String> = []
        return try migrations.map { migration in
            guard seen.insert(migration.name).inserted else { throw MigrationError.duplicate(migration.name) }
            let text = migration.script.render(dialect).sql
            return Step(name: migration.name, script: migration.script, checksum: Signature.sha256(text.utf8))
        }
    }

    private static func history(_ connection: any RelationalConnection) throws -> [Applied] {
        try connection.query("SELECT name, checksum FROM schema_migration ORDER BY position") { row in
            Applied(name: row.text(0), checksum: row.text(1))
        }
    }

    /// - Throws: ``MigrationError`` unless `history` is a prefix of `steps`.
    private static func check(_ history: [Applied], against steps: [Step]) throws {
        let known = Set(steps.map(\.name))
        let applied = Set(history.map(\.name))
        for (index, row) in history.enumerated() {
            let step = index < steps.count ? steps[index] : nil
            if let step, step.name == row.name {
                guard step.checksum == row.checksum else { throw MigrationError.edited(row.name) }
            } else if !known.contains(row.name) {
                let rest = history[index...].map(\.name)
                throw rest.contains(where: known.contains) ? MigrationError.missing(row.name) : .newer(rest)
            } else if let step, !applied.contains(step.name) {
                throw MigrationError.skipped(step.name, before: row.name)
            } else {
                throw MigrationError.reordered(row.name, expected: step?.name ?? "nothing")
            }
        }
    }
}
