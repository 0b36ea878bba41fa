import Relational
import Testing

@testable import SQLiteEngine

@Suite(.serialized, .timeLimit(.minutes(1))) struct GroupCommitTests {
    @Test func writesThatWaitTogetherShareOneCommit() async throws {
        try await onDatabase { engine in
            let before = engine.statistics
            let held = await engine.holdWriter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<64 { group.addTask { try await engine.insert("\(index)") } }
                await engine.untilQueued(64)
                held.release()
                try await group.waitForAll()
            }
            try await held.end()
            // One for the holder, one for all the others.
            #expect(engine.statistics.commits == before.commits + 2)
            #expect(engine.statistics.jobs == before.jobs + 65)
            #expect(engine.statistics.largestGroup == 64)
            #expect(try await engine.ids().count == 64)
        }
    }

    @Test func concurrentWritersNeedFarFewerCommitsThanJobs() async throws {
        try await onDatabase { engine in
            let before = engine.statistics
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 0..<64 {
                    group.addTask { for round in 0..<10 { try await engine.insert("\(writer)-\(round)") } }
                }
                try await group.waitForAll()
            }
            let commits = engine.statistics.commits - before.commits
            #expect(engine.statistics.jobs - before.jobs == 640)
            #expect(commits <= 320, "\(commits) commits for 640 jobs")
        }
    }

    @Test func loneWritesAreCommittedOneByOne() async throws {
        try await onDatabase { engine in
            let before = engine.statistics
            for index in 0..<10 { try await engine.insert("\(index)") }
            #expect(engine.statistics.commits == before.commits + 10)
        }
    }

    @Test func groupsAreBounded() async throws {
        try await onDatabase { engine in
            let held = await engine.holdWriter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<600 { group.addTask { try await engine.insert("\(index)") } }
                await engine.untilQueued(600)
                held.release()
                try await group.waitForAll()
            }
            try await held.end()
            #expect(engine.statistics.largestGroup == 256)
        }
    }

    @Test func throwingJobChangesNothingWhileItsNeighboursCommit() async throws {
        try await onDatabase { engine in
            try await engine.insert("taken")
            let before = engine.statistics
            let held = await engine.holdWriter()
            let good = Task { try await engine.insert("a") }
            let thrown = Task {
                try await engine.write { connection in
                    try connection.execute("INSERT INTO note (id) VALUES ('b')")
                    throw Refusal()
                }
            }
            let refused = Task {
                try await engine.write { connection in
                    try connection.execute("INSERT INTO note (id) VALUES ('c')")
                    try connection.execute("INSERT INTO note (id) VALUES ('taken')")
                }
            }
            // Its caller hears of no error, so what came before the swallowed one stays.
            let swallowed = Task {
                try await engine.write { connection in
                    try connection.execute("INSERT INTO note (id) VALUES ('d')")
                    _ = try? connection.execute("INSERT INTO note (id) VALUES ('taken')")
                }
            }
            let alsoGood = Task { try await engine.insert("e") }
            await engine.untilQueued(5)
            held.release()
            try await good.value
            await #expect(throws: Refusal()) { try await thrown.value }
            await #expect(throws: RelationalError.unique(constraint: "note.id")) { try await refused.value }
            try await swallowed.value
            try await alsoGood.value
            try await held.end()
            #expect(try await engine.ids() == ["a", "d", "e", "taken"])
            #expect(engine.statistics.commits == before.commits + 2)
        }
    }

    @Test func referenceCheckedAtTheCommitFailsItsOwnJobOnly() async throws {
        try await onDatabase { engine in
            try await engine.write { connection in
                try connection.executeScript(
                    """
                    CREATE TABLE reply (id TEXT PRIMARY KEY, note TEXT REFERENCES note (id) DEFERRABLE INITIALLY DEFERRED)
                    """)
            }
            let held = await engine.holdWriter()
            let good = Task { try await engine.insert("a") }
            let dangling = Task {
                try await engine.write { connection in
                    try connection.execute("INSERT INTO reply VALUES ('r1', 'nobody')")
                }
            }
            let resolved = Task {
                try await engine.write { connection in
                    try connection.execute("INSERT INTO reply VALUES ('r2', 'b')")
                    try connection.execute("INSERT INTO note (id) VALUES ('b')")
                }
            }
            await engine.untilQueued(3)
            held.release()
            try await good.value
            await #expect(throws: RelationalError.foreignKey) { try await dangling.value }
            try await resolved.value
            try await held.end()
            #expect(try await engine.ids() == ["a", "b"])
            #expect(try await engine.read { try $0.query("SELECT id FROM reply") { $0.text(0) } } == ["r2"])
        }
    }

    @Test func fullDiskFailsTheWholeGroupAndNothingSlipsThrough() async throws {
        try await onDatabase { engine in
            // SQLite reports a page limit exactly as it reports a full disk.
            try await engine.write { connection in
                let pages = try connection.first("PRAGMA page_count") { $0.int(0) } ?? 0
                _ = try connection.first(Query(stringLiteral: "PRAGMA max_page_count = \(pages + 4)")) { $0.int(0) }
            }
            let big = String(repeating: "x", count: 1_000_000)
            let held = await engine.holdWriter()
            let neighbour = Task { try await engine.insert("a") }
            let tooBig = Task {
                try await engine.write { connection in
                    _ = try? connection.execute("INSERT INTO note VALUES ('big', \(big))")
                    // The transaction is gone: without a guard this would be a commit of its own.
                    _ = try? connection.execute("INSERT INTO note (id) VALUES ('slipped')")
                }
            }
            let late = Task { try await engine.insert("z") }
            await engine.untilQueued(3)
            held.release()
            for job in [neighbour, tooBig, late] {
                guard case .failure(let error) = await job.result, case RelationalError.storage = error else {
                    Issue.record("expected .storage, got \(await job.result)")
                    continue
                }
            }
            try await held.end()
            #expect(try await engine.ids() == [])
            #expect(engine.statistics.failedGroups == 1)
            try await engine.insert("after")
            #expect(try await engine.ids() == ["after"])
        }
    }

    @Test func lockOfAnotherProcessIsBusyAndThenOver() async throws {
        try await onDatabase { engine in
            let other = try SQLiteEngine(path: engine.path, busyTimeout: .milliseconds(20))
            let held = await engine.holdWriter()
            await #expect(throws: RelationalError.busy) { try await other.insert("a") }
            held.release()
            try await held.end()
            try await other.insert("a")
            #expect(try await engine.ids() == ["a"])
            await other.close()
        }
    }

    @Test func twoProcessesWriteTheSameFile() async throws {
        try await onDatabase { engine in
            let other = try SQLiteEngine(path: engine.path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 100..<300 {
                    group.addTask { try await (index.isMultiple(of: 2) ? engine : other).insert("\(index)") }
                }
                try await group.waitForAll()
            }
            #expect(try await engine.ids() == (100..<300).map(String.init))
            #expect(try await other.ids() == (100..<300).map(String.init))
            await other.close()
        }
    }
}
