import Core
import Features
package import Logging
package import Publishing
import ServiceLifecycle

/// Publishes what is due, many accounts at once. Wakes exactly at the next due time, and at once when something new is
/// due. No duty, because one slow platform must not hold up the next claim: every publication has a task of its own.
package struct DuePosts: Service {
    let claims: PublicationClaims
    let publisher: Publisher
    let logger: Logger
    private let slots: Slots

    /// - Parameter parallelism: how many publications are worked on at once.
    package init(claims: PublicationClaims, publisher: Publisher, parallelism: Int = 64, logger: Logger) {
        self.claims = claims
        self.publisher = publisher
        self.logger = logger
        slots = Slots(parallelism)
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let free = await slots.waitForFree()
                    let claimed = await claim(free)
                    for publication in claimed {
                        slots.take()
                        group.addTask {
                            // What is under way is finished even when the service stops: a cancelled request would leave its
                            // outcome unknown.
                            await Task { await publisher.run(publication) }.value
                            slots.give()
                        }
                    }
                    if claimed.isEmpty { await sleep() }
                }
            }
        }
    }

    private func claim(_ free: Int) async -> [Publication] {
        guard free > 0 else { return [] }
        do {
            return try await claims.claim(limit: free, lease: publisher.lease)
        } catch {
            logger.error("due posts could not be claimed; trying again", metadata: ["error": "\(error)"])
            return []
        }
    }

    private func sleep() async {
        var pause = Duration.seconds(1)
        if let next = try? await claims.posts.publications.nextWake() {
            pause = min(pause, max(next - claims.posts.ambient.now(), .milliseconds(1)))
        }
        await claims.posts.scheduleWake.wait(atMost: pause)
    }
}
