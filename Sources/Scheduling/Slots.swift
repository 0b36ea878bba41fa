import Core
import Synchronization

/// How many tasks may be under way at once.
final class Slots: Sendable {
    private let free: Mutex<Int>
    private let returned = WakeSignal()

    init(_ count: Int) { free = Mutex(count) }

    func take() { free.withLock { $0 -= 1 } }

    func give() {
        free.withLock { $0 += 1 }
        returned.signal()
    }

    /// How many are free; waits while none is. 0 when the task was cancelled.
    func waitForFree() async -> Int {
        while !Task.isCancelled {
            let count = free.withLock { $0 }
            if count > 0 { return count }
            await returned.wait(atMost: .seconds(1))
        }
        return 0
    }
}
