import Core
import Features
import Synchronization

/// The claimed deliveries of one webhook that wait for one of its slots. A webhook that hangs fills its own lane and
/// nobody else's.
final class Lane: Sendable {
    /// A claimed delivery and how long its claim holds.
    struct Work: Sendable {
        var delivery: Delivery
        var target: AttemptMaker.Target
        /// Past this it must not be begun: somebody else may have claimed it.
        var beginBefore: Instant
    }

    private struct State {
        var waiting: [Work] = []
        var head = 0
        var active = 0
        var isEmpty: Bool { head == waiting.count }
        var held: Int { waiting.count - head + active }
    }
    private let state = Mutex(State())
    let concurrency: Int

    init(concurrency: Int) { self.concurrency = concurrency }

    /// Claimed deliveries in here, waiting or under way.
    var held: Int { state.withLock { $0.held } }

    func add(_ work: Work) { state.withLock { $0.waiting.append(work) } }

    /// True when the caller may start one more worker; it has to run and end with ``workerEnded()``.
    func beginWorker() -> Bool {
        state.withLock { state in
            guard state.active < concurrency, state.waiting.count - state.head > 0 else { return false }
            state.active += 1
            return true
        }
    }

    func workerEnded() { state.withLock { $0.active -= 1 } }

    /// The next piece of work for a worker; nil when none waits.
    func next() -> Work? {
        state.withLock { state in
            guard !state.isEmpty else { return nil }
            let work = state.waiting[state.head]
            state.head += 1
            if state.isEmpty || state.head >= 256 {
                state.waiting.removeFirst(state.head)
                state.head = 0
            }
            return work
        }
    }

    /// Takes out everything that has not begun, to give it back.
    func drain() -> [Delivery] {
        state.withLock { state in
            let rest = state.waiting[state.head...].map(\.delivery)
            state.waiting = []
            state.head = 0
            return rest
        }
    }
}
