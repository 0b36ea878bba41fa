import Core
import Dispatch
import Relational
import Testing

/// What every engine promises, in SQL that every engine speaks.
@Suite(.timeLimit(.minutes(1))) struct EngineContractTests {
    struct Refusal: Error, Equatable {}

    static let schema: Query = """
        CREATE TABLE author (id TEXT PRIMARY KEY);
        CREATE TABLE note (
            id TEXT PRIMARY KEY,
            author TEXT REFERENCES author (id),
            slug TEXT UNIQUE,
            number BIGINT,
            ratio DOUBLE PRECISION,
            flag BOOLEAN NOT NULL DEFAULT FALSE,
            CONSTRAINT note_number_is_positive CHECK (number >= 0)
        );
        """

    private func onSchema(_ engine: EngineUnderTest, _ body: (any RelationalEngine) async throws -> Void) async throws {
        try await engine.onEmptyDatabase { database in
            try await database.write { try $0.executeScript(Self.schema) }
            try await body(database)
        }
    }

    private func notes(_ database: any RelationalEngine) async throws -> [String] {
        try await database.read { try $0.query("SELECT id FROM note ORDER BY id") { $0.text(0) } }
    }

    @Test(arguments: EngineUnderTest.all)
    func textComesBackAsItWasWritten(engine: EngineUnderTest) async throws {
        let texts = [
            "", " ", "'; DROP TABLE note; --", "?1 $1 :name", "Zürich, e\u{301}", "👩‍👩‍👧‍👦 🇨🇭", "line\r\nline\ttab", "\u{FFFF}\u{10FFFF}",
            String(repeating: "0123456789 ünï 🎈 ", count: 100_000),
        ]
        try await engine.onEmptyDatabase { database in
            try await database.write { connection in
                try connection.executeScript("CREATE TABLE phrase (position BIGINT PRIMARY KEY, content TEXT)")
                for (index, text) in texts.enumerated() {
                    try connection.execute("INSERT INTO phrase VALUES (\(index), \(text))")
                }
            }
            let stored = try await database.read {
                try $0.query("SELECT content FROM phrase ORDER BY position") { $0.optionalText(0) }
            }
            // By bytes: equality of strings would let a normalised accent pass.
            #expect(stored.map { Array(($0 ?? "NULL").utf8) } == texts.map { Array($0.utf8) })
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func numbersFlagsMomentsAndNullsComeBackAsTheyWereWritten(engine: EngineUnderTest) async throws {
        let moment = Instant(milliseconds: 1_770_114_600_123)
        let nothing: Instant? = nil
        try await engine.onEmptyDatabase { database in
            try await database.write { connection in
                try connection.executeScript(
                    "CREATE TABLE sample (a BIGINT, b BIGINT, c DOUBLE PRECISION, d BOOLEAN, e BOOLEAN, f BIGINT, g BIGINT)")
                try connection.execute(
                    """
                    INSERT INTO sample VALUES
                        (\(Int64.min), \(Int64.max), \(0.1), \(true), \(false), \(moment), \(nothing))
                    """)
            }
            let sum = try await database.read { connection in
                try connection.first("SELECT a, b, c, d, e, f, g FROM sample WHERE d AND NOT e") { row in
                    #expect(row.int(0) == .min)
                    #expect(row.int(1) == .max)
                    #expect(row.real(2) == 0.1)
                    #expect(row.bool(3))
                    #expect(!row.bool(4))
                    #expect(row.instant(5) == moment)
                    #expect(row.isNull(6))
                    #expect(row.optionalInstant(6) == nil)
                    return 1
                }
            }
            #expect(sum == 1)
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func valuesAreBoundInOrderOfAppearanceEachTimeAnew(engine: EngineUnderTest) async throws {
        try await engine.onEmptyDatabase { database in
            let joined = try await database.read { connection in
                try (1...3).map { round in
                    let inner: Query = "CAST(\("b\(round)") AS TEXT) || CAST(\("c\(round)") AS TEXT)"
                    let query: Query = "SELECT CAST(\("a\(round)") AS TEXT) || \(inner) || CAST(\("d\(round)") AS TEXT)"
                    return try connection.first(query) { $0.text(0) }
                }
            }
            #expect(joined == ["a1b1c1d1", "a2b2c2d2", "a3b3c3d3"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func moreThanTenValuesAndListsOfEveryLengthFindTheirRows(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
            let ids = (10...40).map(String.init)
            try await database.write { connection in
                for id in ids { try connection.execute("INSERT INTO note (id) VALUES (\(id))") }
            }
            for count in [0, 1, 9, 10, 11, 31] {
                let wanted = Array(ids.prefix(count))
                let found = try await database.read { connection in
                    try connection.query("SELECT id FROM note WHERE id IN (\(list: wanted)) ORDER BY id") { $0.text(0) }
                }
                #expect(found == wanted)
            }
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func throwingBodyChangesNothingAndItsErrorArrives(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
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
        try await onSchema(engine) { database in
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
            #expect(failures == (100..<164).count { $0.isMultiple(of: 3) })
            let expected = (100..<164).filter { !$0.isMultiple(of: 3) }.map { "\($0)" }
            let kept = try await notes(database)
            #expect(kept == expected)
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func concurrentIncrementsLoseNone(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
            try await database.write { try $0.execute("INSERT INTO note (id, number) VALUES ('n', 0)") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        try await database.write { connection in
                            let query: Query = "SELECT number FROM note WHERE id = 'n'"
                            let number = try connection.first(query) { $0.int(0) } ?? 0
                            try connection.execute("UPDATE note SET number = \(number + 1) WHERE id = 'n'")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let total = try await database.read { try $0.first("SELECT number FROM note") { $0.int(0) } }
            #expect(total == 64)
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func readSeesOneSnapshotWhateverIsWrittenMeanwhile(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
            let (started, startedSignal) = AsyncStream.makeStream(of: Void.self)
            let written = DispatchSemaphore(value: 0)
            let count: Query = "SELECT COUNT(*) FROM note"
            async let counts = database.read { connection in
                let before = try connection.first(count) { $0.int(0) }
                startedSignal.finish()
                written.wait()
                return [before, try connection.first(count) { $0.int(0) }]
            }
            for await _ in started {}
            try await database.write { try $0.execute("INSERT INTO note (id) VALUES ('a')") }
            written.signal()
            #expect(try await counts == [0, 0])
            #expect(try await database.read { try $0.first(count) { $0.int(0) } } == 1)
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func readersSeeEveryWriteThatHasReturned(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
            for round in 1...50 {
                let id = "n\(round)"
                try await database.write { try $0.execute("INSERT INTO note (id) VALUES (\(id))") }
                #expect(try await database.readByKey { try $0.exists("SELECT 1 FROM note WHERE id = \(id)") })
                #expect(try await database.read { try $0.exists("SELECT 1 FROM note WHERE id = \(id)") })
            }
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func readThatThrowsLeavesTheEngineReady(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
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
    func executeTellsHowManyRowsChanged(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
            let counts = try await database.write { connection in
                [
                    try connection.execute("INSERT INTO note (id) VALUES ('a'), ('b'), ('c')"),
                    try connection.execute("CREATE TABLE other (id TEXT)"),
                    try connection.execute("UPDATE note SET number = 1 WHERE id <> 'a'"),
                    try connection.execute("INSERT INTO note (id) VALUES ('a') ON CONFLICT DO NOTHING"),
                    try connection.execute("DELETE FROM note"),
                    try connection.execute("DELETE FROM note"),
                ]
            }
            #expect(counts == [3, 0, 2, 0, 3, 0])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func writesCanReturnRows(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
            let ids = try await database.write { connection in
                try connection.query("INSERT INTO note (id) VALUES ('a'), ('b') RETURNING id") { $0.text(0) }
            }
            #expect(ids.sorted() == ["a", "b"])
            #expect(try await notes(database) == ["a", "b"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func brokenRulesOfTheSchemaHaveNames(engine: EngineUnderTest) async throws {
        try await onSchema(engine) { database in
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
        try await onSchema(engine) { database in
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
        try await onSchema(engine) { database in
            await database.close()
            let query: Query = "SELECT 1"
            await #expect(throws: RelationalError.closed) { try await database.write { try $0.execute(query) } }
            await #expect(throws: RelationalError.closed) { try await database.read { try $0.execute(query) } }
            await #expect(throws: RelationalError.closed) { try await database.readByKey { try $0.execute(query) } }
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func whatWasWrittenIsThereAfterReopening(engine: EngineUnderTest) async throws {
        try await engine.inFolder { folder in
            let first = try await engine.open(folder)
            try await first.write { connection in
                try connection.executeScript(Self.schema)
                try connection.execute("INSERT INTO note (id) VALUES ('a')")
            }
            await first.close()
            let second = try await engine.open(folder)
            #expect(try await notes(second) == ["a"])
            await second.close()
        }
    }
}
