import Features
package import Logging
package import Publishing
import ServiceLifecycle

/// Does the inbox's work when it is due, and at once when something new is. Every lane has a loop of its own, because one
/// slow platform must not hold up the others.
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
                for lane in InboxLane.allCases { group.addTask { await loop(lane).run() } }
                group.addTask { await enlist() }
            }
        }
    }

    private func loop(_ lane: InboxLane) -> ClaimLoop<InboxLaneWork> {
        var logger = logger
        logger[metadataKey: "lane"] = "\(lane)"
        return ClaimLoop(InboxLaneWork(lane: lane, worker: worker, parallelism: parallelism), logger: logger)
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
