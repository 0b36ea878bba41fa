import Core
import Dispatch
import Relational
import Testing

/// What every engine promises, in SQL that every engine speaks.
@Suite(.serialized, .timeLimit(.minutes(1))) struct EngineContractTests {
    @Test(arguments: EngineUnderTest.all)
    func textComesBackAsItWasWritten(engine: EngineUnderTest) async throws {
        let texts = [
            "", " ", "'; DROP TABLE note; --", "?1 $1 :name", "Zürich, e\u{301}", "👩‍👩‍👧‍👦 🇨🇭", "line\r\nline\ttab",
            "\u{FFFF}\u{10FFFF}",
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
        try await engine.onSchema { database in
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
    func concurrentIncrementsLoseNone(engine: EngineUnderTest) async throws {
        try await engine.onSchema { database in
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
        try await engine.onSchema { database in
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
        try await engine.onSchema { database in
            for round in 1...50 {
                let id = "n\(round)"
                try await database.write { try $0.execute("INSERT INTO note (id) VALUES (\(id))") }
                #expect(try await database.readByKey { try $0.exists("SELECT 1 FROM note WHERE id = \(id)") })
                #expect(try await database.read { try $0.exists("SELECT 1 FROM note WHERE id = \(id)") })
            }
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func executeTellsHowManyRowsChanged(engine: EngineUnderTest) async throws {
        try await engine.onSchema { database in
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
        try await engine.onSchema { database in
            let ids = try await database.write { connection in
                try connection.query("INSERT INTO note (id) VALUES ('a'), ('b') RETURNING id") { $0.text(0) }
            }
            #expect(ids.sorted() == ["a", "b"])
            #expect(try await notes(database) == ["a", "b"])
        }
    }

    @Test(arguments: EngineUnderTest.all)
    func whatWasWrittenIsThereAfterReopening(engine: EngineUnderTest) async throws {
        try await engine.inFolder { folder in
            let first = try await engine.open(folder)
            try await first.write { connection in
                try connection.executeScript(EngineUnderTest.schema)
                try connection.execute("INSERT INTO note (id) VALUES ('a')")
            }
            await first.close()
            let second = try await engine.open(folder)
            #expect(try await notes(second) == ["a"])
            await second.close()
        }
    }
}
