import Relational
import Testing

@testable import SQLiteEngine

@Suite(.serialized, .timeLimit(.minutes(1))) struct QueueTests {
    @Test func fullQueueSuspendsItsCallersAndServesThemAll() async throws {
        try await onDatabase(queueLimit: 8) { engine in
            let held = await engine.holdWriter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<40 { group.addTask { try await engine.insert("\(index)") } }
                await engine.untilQueued(8, waiting: 32)
                held.release()
                try await group.waitForAll()
            }
            try await held.end()
            #expect(engine.statistics.largestGroup <= 8)
            #expect(try await engine.ids().count == 40)
        }
    }

    @Test func suspendedCallerCanBeCancelledAndWritesNothing() async throws {
        try await onDatabase(queueLimit: 1) { engine in
            let held = await engine.holdWriter()
            let queued = Task { try await engine.insert("queued") }
            await engine.untilQueued(1)
            let suspended = Task { try await engine.insert("suspended") }
            await engine.untilQueued(1, waiting: 1)
            suspended.cancel()
            await #expect(throws: CancellationError.self) { try await suspended.value }
            // What is in the queue already is the writer's: a cancelled caller still gets its true result.
            queued.cancel()
            held.release()
            try await queued.value
            try await held.end()
            #expect(try await engine.ids() == ["queued"])
        }
    }

    @Test func closeLosesNothingThatWasQueuedOrWaiting() async throws {
        try await onDatabase(queueLimit: 8) { engine in
            let held = await engine.holdWriter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 100..<150 { group.addTask { try await engine.insert("\(index)") } }
                await engine.untilQueued(8, waiting: 42)
                group.addTask { await engine.close() }
                // Reads end before the writer does: from the first refusal on, close() has begun.
                while (try? await engine.ids()) != nil { await Task.yield() }
                held.release()
                try await group.waitForAll()
            }
            try await held.end()
            await #expect(throws: RelationalError.closed) { try await engine.insert("late") }
            let reopened = try SQLiteEngine(path: engine.path)
            #expect(try await reopened.ids() == (100..<150).map(String.init))
            await reopened.close()
        }
    }

    @Test func closingTwiceIsClosingOnce() async throws {
        try await onDatabase { engine in
            async let first: Void = engine.close()
            async let second: Void = engine.close()
            _ = await (first, second)
            await #expect(throws: RelationalError.closed) { try await engine.ids() }
        }
    }

    @Test func engineThatIsDroppedWithoutCloseLeavesItsFileUsable() async throws {
        try await inFolder { folder in
            do {
                let dropped = try SQLiteEngine(path: folder + "/test.sqlite")
                try await dropped.write { try $0.executeScript("CREATE TABLE note (id TEXT PRIMARY KEY, body TEXT)") }
            }
            let engine = try SQLiteEngine(path: folder + "/test.sqlite")
            try await engine.insert("a")
            #expect(try await engine.ids() == ["a"])
            await engine.close()
        }
    }

    @Test func jobsLeaveTheQueueInOrderOfArrival() async throws {
        let queue = JobQueue<Int>(limit: 100)
        for number in 0..<10 {
            try await queue.reserve()
            queue.put(number)
        }
        #expect(queue.take(upTo: 3) == [0, 1, 2])
        queue.close()
        #expect(queue.take(upTo: 100) == [3, 4, 5, 6, 7, 8, 9])
        #expect(queue.take(upTo: 100) == [])
        await #expect(throws: RelationalError.closed) { try await queue.reserve() }
    }

    @Test func placeReservedBeforeCloseIsStillServed() async throws {
        let queue = JobQueue<Int>(limit: 1)
        try await queue.reserve()
        queue.close()
        let (taken, signal) = AsyncStream.makeStream(of: [Int].self)
        let thread = try WorkerThread {
            while true {
                let jobs = queue.take(upTo: 10)
                if jobs.isEmpty { break }
                signal.yield(jobs)
            }
            signal.finish()
        }
        queue.put(7)
        await thread.end()
        var all: [[Int]] = []
        for await jobs in taken { all.append(jobs) }
        #expect(all == [[7]])
    }
}
