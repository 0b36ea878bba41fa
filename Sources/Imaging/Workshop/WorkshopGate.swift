import Synchronization

/// Lets so many in at once; the others wait in order, up to a number.
final class WorkshopGate: Sendable {
    enum Admission: Hashable, Sendable { case admitted, busy, cancelled }

    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Admission, Never>
    }
    private struct State {
        var free: Int
        var waiters: [Waiter] = []
        var lastID: UInt64 = 0
    }
    private let state: Mutex<State>
    private let waitingLimit: Int

    init(places: Int, waitingLimit: Int) {
        state = Mutex(State(free: places))
        self.waitingLimit = waitingLimit
    }

    /// Whoever is admitted calls ``leave()`` once.
    func enter() async -> Admission {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if let admission = admit(Waiter(id: id, continuation: continuation)) {
                    continuation.resume(returning: admission)
                }
            }
        } onCancel: {
            state.withLock { state in
                state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
            }?.continuation.resume(returning: .cancelled)
        }
    }

    func leave() {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiters.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: .admitted)
    }

    var waiting: Int { state.withLock { $0.waiters.count } }

    /// Nil when it has to wait. Cancellation is looked at under the lock: its handler comes before or after as a whole.
    private func admit(_ waiter: Waiter) -> Admission? {
        state.withLock { state in
            if Task.isCancelled { return .cancelled }
            if state.free > 0 {
                state.free -= 1
                return .admitted
            }
            guard state.waiters.count < waitingLimit else { return .busy }
            state.waiters.append(waiter)
            return nil
        }
    }
}
