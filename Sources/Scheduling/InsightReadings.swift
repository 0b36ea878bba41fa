package import Core
package import Features
package import Logging
import Synchronization

/// Reads the numbers of posts and accounts that are due, many accounts at once; an account has two readings at most.
package struct InsightReadings: DueWork {
    package static let name = "due readings"
    package static let outlivesStop = false
    package let parallelism: Int
    private let insights: InsightStore
    private let reader: any InsightReader
    private let logger: Logger
    private let busy = Busy()

    /// - Parameter parallelism: how many readings are under way at once.
    package init(insights: InsightStore, reader: any InsightReader, parallelism: Int = 32, logger: Logger) {
        self.insights = insights
        self.reader = reader
        self.parallelism = parallelism
        self.logger = logger
    }

    package var ambient: Ambient { insights.ambient }
    package var wake: WakeSignal { insights.wake }

    package func claim(limit: Int) async throws -> [InsightTask] {
        let claimed = try await insights.claim(limit: limit, lease: InsightStore.lease, reader: reader, busy: busy.counts)
        for task in claimed { busy.begin(task.accountID) }
        return claimed
    }

    package func perform(_ task: InsightTask) async {
        defer { busy.end(task.accountID) }
        do {
            try await insights.record(await reader.read(task), of: task)
        } catch {
            logger.error(
                "a reading could not be recorded; it is made again when its lease has run out",
                metadata: ["account": "\(task.accountID)", "error": "\(error)"])
        }
    }

    package func nextDue() async throws -> Instant? { try await insights.nextDue() }
}

/// How many readings of which account are under way.
private final class Busy: Sendable {
    private let state = Mutex<[SocialAccountID: Int]>([:])

    var counts: [SocialAccountID: Int] { state.withLock { $0 } }

    func begin(_ account: SocialAccountID) { state.withLock { $0[account, default: 0] += 1 } }

    func end(_ account: SocialAccountID) {
        state.withLock { state in
            let left = (state[account] ?? 1) - 1
            state[account] = left > 0 ? left : nil
        }
    }
}
