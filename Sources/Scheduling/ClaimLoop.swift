import Core
package import Logging
import ServiceLifecycle

/// Claims what is due of some work and does it, every piece in a task of its own, so that a slow one does not hold up the
/// next claim. Wakes exactly when a piece is due next, and at once when it is signalled. A claim that fails is logged and
/// made again after the longest pause: what is due stays due, and a store that cannot answer needs no storm of questions.
///
/// On graceful shutdown nothing more is claimed; what is under way is finished or cancelled, as ``DueWork/outlivesStop``
/// says, and waited for.
package struct ClaimLoop<Work: DueWork>: Service {
    private let work: Work
    private let longestPause: Duration
    private let logger: Logger
    private let slots: Slots

    /// - Parameter longestPause: after that long it looks for itself, whatever it was told of what is due next.
    package init(_ work: Work, longestPause: Duration = .seconds(1), logger: Logger) {
        self.work = work
        self.longestPause = longestPause
        self.logger = logger
        slots = Slots(work.parallelism)
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    guard let claimed = await claim(await slots.waitForFree()) else {
                        await work.wake.wait(atMost: longestPause)
                        continue
                    }
                    for piece in claimed {
                        slots.take()
                        group.addTask {
                            await perform(piece)
                            slots.give()
                        }
                    }
                    if claimed.isEmpty { await sleep() }
                }
            }
        }
    }

    /// Nil when it failed.
    private func claim(_ free: Int) async -> [Work.Piece]? {
        guard free > 0 else { return [] }
        do {
            return try await work.claim(limit: free)
        } catch {
            logger.error("\(Work.name) could not be claimed; trying again", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func perform(_ piece: Work.Piece) async {
        guard Work.outlivesStop else { return await work.perform(piece) }
        await Task { await work.perform(piece) }.value
    }

    private func sleep() async {
        let next = try? await work.nextDue()
        await work.wake.wait(atMost: Self.pause(until: next, at: work.ambient.now(), longest: longestPause))
    }

    /// How long it pauses after a claim that gave nothing. What is due all the same is somebody else's, or must wait for
    /// something that is under way: no reason to ask a thousand times a second.
    static func pause(until next: Instant?, at now: Instant, longest: Duration) -> Duration {
        guard let next else { return longest }
        return min(longest, next > now ? max(next - now, .milliseconds(1)) : .milliseconds(20))
    }
}
