import Synchronization

/// Wakes a worker that sleeps until its next due time. Signals coalesce: any number sent while the worker is busy make
/// one more round, so none is lost and none piles up.
package final class WakeSignal: Sendable {
    private struct State {
        var raised = false
        var generation: UInt64 = 0
        var waiter: (generation: UInt64, continuation: CheckedContinuation<Void, Never>)?
    }
    private let state = Mutex(State())
    private let followers: Broadcast?

    /// - Parameter followers: told of every signal as well.
    package init(followers: Broadcast? = nil) { self.followers = followers }

    /// Asks for one more round, now. Cheap; safe from any thread.
    package func signal() {
        followers?.signal()
        state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard let waiter = state.waiter else { state.raised = true; return nil }
            state.waiter = nil
            return waiter.continuation
        }?.resume()
    }

    /// Returns when signalled (also if that happened since the last wait), after `limit`, or when the task is cancelled.
    /// One waiter at a time.
    package func wait(atMost limit: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            group.addTask { try? await Task.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait() async {
        let generation = state.withLock { state in
            state.generation += 1; return state.generation
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now = state.withLock { state -> Bool in
                    if state.raised || Task.isCancelled { state.raised = false; return true }
                    state.waiter = (generation, continuation)
                    return false
                }
                if now { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard let waiter = state.waiter, waiter.generation == generation else { return nil }
                state.waiter = nil
                return waiter.continuation
            }?.resume()
        }
    }
}
