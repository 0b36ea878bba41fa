import Core
import Relational
import Testing

@Suite(.serialized, .timeLimit(.minutes(1))) struct MigratorTests {
    static let one = Migration("posts-1", "CREATE TABLE post (id TEXT PRIMARY KEY) \(.clusteredByPrimaryKey)")
    static let two = Migration("brands-1", "CREATE TABLE brand (id TEXT PRIMARY KEY); CREATE INDEX brand_id ON brand (id);")
    static let three = Migration("posts-2", "ALTER TABLE post ADD COLUMN caption TEXT")
    static let moment = Instant(seconds: 1_770_114_600)

    private func run(_ migrations: [Migration], on database: any RelationalEngine) async throws -> [String] {
        try await Migrator(migrations).run(on: database) { Self.moment }
    }

    /// Applies `before`, then expects `after` to be refused with `error` and to leave no trace.
    private func expect(
        _ error: MigrationError, from before: [Migration], to after: [Migration], on engine: EngineUnderTest
    ) async throws {
        try await engine.onEmptyDatabase { database in
            _ = try await run(before, on: database)
            await #expect(throws: error) { try await run(after, on: database) }
            await #expect(throws: error) { try await Migrator(after).pending(on: database) }
            #expect(try await run(before, on: database) == [])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func appliesWhatIsPendingInOrderAndOnce(engine: EngineUnderTest) async throws {
        try await engine.onEmptyDatabase { database in
            #expect(try await Migrator([Self.one, Self.two]).pending(on: database) == ["posts-1", "brands-1"])
            #expect(try await run([Self.one, Self.two], on: database) == ["posts-1", "brands-1"])
            #expect(try await run([Self.one, Self.two], on: database) == [])
            #expect(try await Migrator([Self.one, Self.two, Self.three]).pending(on: database) == ["posts-2"])
            #expect(try await run([Self.one, Self.two, Self.three], on: database) == ["posts-2"])
            try await database.write { try $0.execute("INSERT INTO post (id, caption) VALUES ('a', 'b')") }
            let history = try await database.read { connection in
                try connection.query("SELECT name, position, applied_at FROM schema_migration ORDER BY position") { row in
                    "\(row.text(0)) \(row.int(1)) \(row.instant(2))"
                }
            }
            #expect(history == ["posts-1 0 \(Self.moment)", "brands-1 1 \(Self.moment)", "posts-2 2 \(Self.moment)"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func refusesAnEditedMigration(engine: EngineUnderTest) async throws {
        let edited = Migration(Self.one.name, "CREATE TABLE post (id TEXT PRIMARY KEY, caption TEXT)")
        try await expect(.edited("posts-1"), from: [Self.one, Self.two], to: [edited, Self.two, Self.three], on: engine)
    }

    @Test(arguments: EngineUnderTest.all)
    func refusesAnotherOrder(engine: EngineUnderTest) async throws {
        try await expect(
            .reordered("posts-1", expected: "brands-1"), from: [Self.one, Self.two], to: [Self.two, Self.one], on: engine)
    }

    @Test(arguments: EngineUnderTest.all)
    func refusesAMigrationInsertedBeforeAnAppliedOne(engine: EngineUnderTest) async throws {
        try await expect(
            .skipped("brands-1", before: "posts-2"), from: [Self.one, Self.three], to: [Self.one, Self.two, Self.three],
            on: engine)
    }

    @Test(arguments: EngineUnderTest.all)
    func refusesAMigrationTakenOutOfTheMiddle(engine: EngineUnderTest) async throws {
        try await expect(
            .missing("brands-1"), from: [Self.one, Self.two, Self.three], to: [Self.one, Self.three], on: engine)
    }

    @Test(arguments: EngineUnderTest.all)
    func refusesADatabaseOfANewerVersion(engine: EngineUnderTest) async throws {
        try await expect(
            .newer(["brands-1", "posts-2"]), from: [Self.one, Self.two, Self.three], to: [Self.one], on: engine)
    }

    @Test(arguments: EngineUnderTest.all)
    func refusesOneNameTwice(engine: EngineUnderTest) async throws {
        try await expect(.duplicate("posts-1"), from: [Self.one], to: [Self.one, Self.one], on: engine)
    }

    @Test(arguments: EngineUnderTest.all)
    func failingScriptIsNamedAndLeavesNothingOfItself(engine: EngineUnderTest) async throws {
        let broken = Migration("brands-2", "CREATE TABLE half (id TEXT); INSERT INTO nowhere VALUES (1);")
        try await engine.onEmptyDatabase { database in
            do {
                _ = try await run([Self.one, broken, Self.three], on: database)
                Issue.record("expected an error")
            } catch let error as MigrationError {
                guard case .failed("brands-2", .other) = error else {
                    Issue.record(error)
                    return
                }
                #expect("\(error)".contains("brands-2"))
                #expect("\(error)".contains("nowhere"))
            }
            // The one before it stays, its own first statement does not, and the one after it was not tried.
            #expect(try await Migrator([Self.one, Self.two]).pending(on: database) == ["brands-1"])
            try await database.write { try $0.executeScript("CREATE TABLE half (id TEXT)") }
            #expect(try await run([Self.one, Self.three], on: database) == ["posts-2"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func twoProcessesThatStartAtOnceApplyEachMigrationOnce(engine: EngineUnderTest) async throws {
        let migrations = (1...20).map { Migration("table-\($0)", Query(stringLiteral: "CREATE TABLE t\($0) (id TEXT)")) }
        try await engine.inFolder { folder in
            let first = try await engine.open(folder)
            let second = try await engine.open(folder)
            async let a = run(migrations, on: first)
            async let b = run(migrations, on: second)
            let applied = try await a + b
            #expect(applied.count == 20)
            #expect(Set(applied) == Set(migrations.map(\.name)))
            await first.close()
            await second.close()
        }
    }

    @Test(arguments: [
        MigrationError.duplicate("posts-7"), .edited("posts-7"), .reordered("posts-7", expected: "x"),
        .skipped("posts-7", before: "x"), .missing("posts-7"), .newer(["posts-7"]), .failed("posts-7", .busy),
    ])
    func everyRefusalNamesTheMigration(error: MigrationError) {
        #expect("\(error)".contains("posts-7"))
    }
}
