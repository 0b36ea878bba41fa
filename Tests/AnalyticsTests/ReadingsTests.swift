import Core
import Logging
import Relational
import SQLiteEngine
import Scheduling
import Testing

@testable import Features

@Suite(.serialized) struct ReadingsTests {
    @Test(.timeLimit(.minutes(1))) func aPlatformThatHangsHoldsUpNobodyElse() async throws {
        let world = try await AnalyticsWorld(reader: Hanging(platform: .instagram))
        for _ in 0..<20 { try await world.publish(.instagram) }
        let (_, quick) = try await world.publish(.mastodon)
        try await world.engine.write { connection in
            try connection.execute("UPDATE social_account SET is_sandbox = FALSE")
            try connection.execute("UPDATE post_watch SET is_sandbox = FALSE")
        }
        world.clock.advance(by: .seconds(900))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let readings = ClaimLoop(
            InsightReadings(insights: world.insights, reader: world.reader, parallelism: 4, logger: logger), logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await readings.run() }
            while try await world.watch(quick)?.capturedAt == nil { try await Task.sleep(for: .milliseconds(10)) }
            group.cancelAll()
        }
        #expect(try await world.watch(quick)?.metrics[.likes] == 1)
    }

    /// What an account has no room for now comes back a few at a time: all of it each second would be written each second.
    @Test func aBusyAccountsPostsWaitInLine() async throws {
        let world = try await AnalyticsWorld()
        try await world.readAll()
        var ids: [PublicationID] = []
        for _ in 0..<20 { ids.append(try await world.publish(.instagram).publication) }
        try await world.engine.write { connection in
            try connection.execute("UPDATE social_account SET is_sandbox = FALSE")
            try connection.execute("UPDATE post_watch SET is_sandbox = FALSE")
        }
        world.clock.advance(by: .seconds(900))
        let now = world.clock.now
        let busy = [world.account(.instagram): 2]
        let claimed = try await world.insights.claim(limit: 32, lease: InsightStore.lease, reader: world.reader, busy: busy)
        #expect(claimed.isEmpty)
        var waits: [Int64] = []
        for id in ids { waits.append(try #require(try await world.watch(id)?.dueAt).seconds - now.seconds) }
        let expected = (1...10).flatMap { [Int64($0), Int64($0)] }
        #expect(waits.sorted() == expected)
    }

    @Test func budgetsAreForRealAccountsOnly() async throws {
        let world = try await AnalyticsWorld()
        let (_, id) = try await world.publish(.facebook)
        var watch = try #require(try await world.watch(id))
        #expect(world.reader.budget(of: .post(watch)) == nil)
        watch.isSandbox = false
        #expect(world.reader.budget(of: .post(watch)) == RequestBudget(requests: 120, per: .seconds(3600)))
        #expect(world.reader.cost(of: .post(watch)) == 2)
    }
}

/// Never answers on one platform.
private struct Hanging: InsightReader {
    let platform: Platform

    func read(_ task: InsightTask) async -> InsightReading {
        if task.platform == platform { try? await Task.sleep(for: .seconds(3600)) }
        switch task {
        case .post: return .post(Metrics([(.likes, 1)]))
        case .account: return .account(AccountCounts(followers: 1))
        }
    }
    func budget(of task: InsightTask) -> RequestBudget? { nil }
    func cost(of task: InsightTask) -> Int64 { 1 }
}
