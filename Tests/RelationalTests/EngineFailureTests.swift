import Relational
import Testing

/// What every engine promises when something goes wrong.
@Suite(.serialized, .timeLimit(.minutes(1))) struct EngineFailureTests {
    struct Refusal: Error, Equatable {}

    @Test(arguments: EngineUnderTest.all)
    func throwingBodyChangesNothingAndItsErrorArrives(engine: EngineUnderTest) async throws {
        try await engine.onSchema { database in
            await #expect(throws: Refusal()) {
                try await database.write { connection in
                    try connection.execute("INSERT INTO note (id) VALUES ('a')")
                    throw Refusal()
                }
            }
            try await database.write { try $0.execute("INSERT INTO note (id) VALUES ('b')") }
            #expect(try await notes(database) == ["b"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func concurrentWritersAreIsolatedFromEachOthersFailures(engine: EngineUnderTest) async throws {
        try await engine.onSchema { database in
            let failures = await withTaskGroup(of: Bool.self) { group in
                for index in 100..<164 {
                    group.addTask {
                        do {
                            try await database.write { connection in
                                try connection.execute("INSERT INTO note (id) VALUES (\("\(index)"))")
                                if index.isMultiple(of: 3) { throw Refusal() }
                            }
                            return false
                        } catch { return error is Refusal }
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            // Apart from #expect: Swift 6.3.1 may run a closure inside it in place of a later one of the same type.
            let refused = (100..<164).count { $0.isMultiple(of: 3) }
            #expect(failures == refused)
            let expected = (100..<164).filter { !$0.isMultiple(of: 3) }.map { "\($0)" }
            let kept = try await notes(database)
            #expect(kept == expected)
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func readThatThrowsLeavesTheEngineReady(engine: EngineUnderTest) async throws {
        try await engine.onSchema { database in
            try await database.write { try $0.execute("INSERT INTO note (id) VALUES ('a'), ('b')") }
            for _ in 0..<20 {
                await #expect(throws: Refusal()) {
                    try await database.read { try $0.query("SELECT id FROM note") { _ in throw Refusal() } }
                }
                await #expect(throws: Refusal()) {
                    try await database.readByKey { try $0.query("SELECT id FROM note") { _ in throw Refusal() } }
                }
            }
            #expect(try await notes(database) == ["a", "b"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func brokenRulesOfTheSchemaHaveNames(engine: EngineUnderTest) async throws {
        try await engine.onSchema { database in
            try await database.write { try $0.execute("INSERT INTO note (id, slug) VALUES ('a', 'taken')") }
            func error(_ query: Query) async -> RelationalError? {
                do {
                    try await database.write { try $0.execute(query) }
                    return nil
                } catch { return error as? RelationalError }
            }
            for query: Query in ["INSERT INTO note (id) VALUES ('a')", "INSERT INTO note (id, slug) VALUES ('b', 'taken')"] {
                guard case .unique(let constraint) = await error(query) else {
                    Issue.record("expected .unique")
                    continue
                }
                #expect(!constraint.isEmpty)
            }
            #expect(await error("INSERT INTO note (id, author) VALUES ('b', 'nobody')") == .foreignKey)
            let check = await error("INSERT INTO note (id, number) VALUES ('b', -1)")
            #expect(check == .check(constraint: "note_number_is_positive"))
            guard case .notNull(let column) = await error("INSERT INTO note (id, flag) VALUES ('b', NULL)") else {
                Issue.record("expected .notNull")
                return
            }
            #expect(column.hasSuffix("flag"))
            #expect(try await notes(database) == ["a"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func errorTextsNeverHoldAValue(engine: EngineUnderTest) async throws {
        let secret = "s3cr3t-value"
        try await engine.onSchema { database in
            try await database.write { try $0.execute("INSERT INTO note (id, slug) VALUES (\(secret), \(secret))") }
            let failing: [Query] = [
                "INSERT INTO note (id) VALUES (\(secret))",
                "INSERT INTO note (id, slug) VALUES ('x', \(secret))",
                "INSERT INTO note (id, author) VALUES ('x', \(secret))",
                "INSERT INTO note (id, number) VALUES (\(secret), -1)",
                "INSERT INTO note (id, nothing) VALUES (\(secret), 1)",
                "SELEKT \(secret)",
            ]
            for query in failing {
                do {
                    try await database.write { try $0.execute(query) }
                    Issue.record("expected an error")
                } catch {
                    #expect(!"\(error)".contains(secret))
                    #expect(!String(reflecting: error).contains(secret))
                }
            }
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func closedEngineRefusesEveryCall(engine: EngineUnderTest) async throws {
        try await engine.onSchema { database in
            await database.close()
            let query: Query = "SELECT 1"
            await #expect(throws: RelationalError.closed) { try await database.write { try $0.execute(query) } }
            await #expect(throws: RelationalError.closed) { try await database.read { try $0.execute(query) } }
            await #expect(throws: RelationalError.closed) { try await database.readByKey { try $0.execute(query) } }
        }
    }
}
