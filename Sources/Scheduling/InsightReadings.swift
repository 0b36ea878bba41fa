import Core
package import Features
package import Logging
import ServiceLifecycle
import Synchronization

/// Reads the numbers of posts and accounts that are due, many accounts at once. No duty, because one slow platform must not
/// hold up the others: every reading has a task of its own, and an account has two at most.
package struct InsightReadings: Service {
    let insights: InsightStore
    let reader: any InsightReader
    let logger: Logger
    private let slots: Slots
    private let busy = Busy()

    /// - Parameter parallelism: how many readings are under way at once.
    package init(insights: InsightStore, reader: any InsightReader, parallelism: Int = 32, logger: Logger) {
        self.insights = insights
        self.reader = reader
        self.logger = logger
        slots = Slots(parallelism)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let free = await slots.waitForFree()
                    let claimed = await claim(free)
                    for task in claimed {
                        slots.take()
                        busy.begin(task.accountID)
                        group.addTask {
                            await read(task)
                            busy.end(task.accountID)
                            slots.give()
                        }
                    }
                    if claimed.isEmpty { await sleep() }
                }
            }
        }
    }

    private func claim(_ free: Int) async -> [InsightTask] {
        guard free > 0 else { return [] }
        do {
            return try await insights.claim(limit: free, lease: InsightStore.lease, reader: reader, busy: busy.counts)
        } catch {
            logger.error("due readings could not be claimed; trying again", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func sleep() async {
        var pause = Duration.seconds(1)
        if let next = try? await insights.nextDue() {
            pause = min(pause, max(next - insights.ambient.now(), .milliseconds(1)))
        }
        await insights.wake.wait(atMost: pause)
    }

    private func read(_ task: InsightTask) async {
        do {
            try await insights.record(await reader.read(task), of: task)
        } catch {
            logger.error(
                "a reading could not be recorded; it is made again when its lease has run out",
                metadata: ["account": "\(task.accountID)", "error": "\(error)"])
        }
    }
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
