import Core
import Features
package import Logging
package import Publishing
import ServiceLifecycle

/// Does the inbox's work when it is due, and at once when something new is. No duty, because one slow platform must not
/// hold up the others: every lane has a loop of its own, and every piece of work a task.
package struct InboxRounds: Service {
    private let worker: InboxWorker
    private let logger: Logger
    private let parallelism: Int

    /// - Parameter parallelism: how many pieces of work a lane has under way at once.
    package init(worker: InboxWorker, parallelism: Int = 16, logger: Logger) {
        self.worker = worker
        self.parallelism = parallelism
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for lane in InboxLane.allCases { group.addTask { await loop(lane) } }
                group.addTask { await enlist() }
            }
        }
    }

    private func loop(_ lane: InboxLane) async {
        let slots = Slots(parallelism)
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let free = await slots.waitForFree()
                let jobs = await claim(lane, free)
                for job in jobs {
                    slots.take()
                    group.addTask {
                        // What is under way is finished even when the service stops: a cancelled request would leave its
                        // outcome unknown.
                        await Task { await worker.run(job) }.value
                        slots.give()
                    }
                }
                if jobs.isEmpty { await sleep(lane) }
            }
        }
    }

    private func claim(_ lane: InboxLane, _ free: Int) async -> [InboxWorker.Job] {
        guard free > 0 else { return [] }
        do {
            return try await worker.claim(lane, limit: free)
        } catch {
            logger.error(
                "the inbox's work could not be claimed; trying again", metadata: ["lane": "\(lane)", "error": "\(error)"])
            return []
        }
    }

    private func sleep(_ lane: InboxLane) async {
        var pause = Duration.seconds(1)
        if let next = try? await worker.next(lane) {
            pause = min(pause, max(next - worker.inbox.ambient.now(), .milliseconds(1)))
        }
        await worker.inbox.wakes.wait(lane, atMost: pause)
    }

    /// Takes in accounts that were connected or enabled since.
    private func enlist() async {
        while !Task.isCancelled {
            do {
                try await worker.inbox.enlist()
            } catch {
                logger.error("accounts could not be taken into the inbox's rounds", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: .seconds(30))
        }
    }
}
