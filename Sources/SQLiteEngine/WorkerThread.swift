import Relational
import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// A thread that runs `body` once; tasks can await its end.
///
/// Own threads, because SQLite blocks: on Swift's pool, which has one thread a core, an fsync would hold up every task.
final class WorkerThread: Sendable {
    private let ended = Ending()

    /// - Throws: ``RelationalError/other(_:)`` when the system has no thread to give.
    init(_ body: @escaping @Sendable () -> Void) throws {
        let work = Unmanaged.passRetained(
            Work { [ended] in
                body()
                ended.reached()
            })
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw RelationalError.other("cannot start a thread: \(String(cString: strerror(code)))")
        }
        pthread_detach(thread)
    }

    /// Returns when the body has.
    func end() async { await ended.wait() }

    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

/// Something that is reached once; any number of tasks can wait for it.
final class Ending: Sendable {
    private let state = Mutex((reached: false, waiters: [CheckedContinuation<Void, Never>]()))

    func reached() {
        let waiters = state.withLock { state in
            defer { state = (true, []) }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let already = state.withLock { state in
                if !state.reached { state.waiters.append(continuation) }
                return state.reached
            }
            if already { continuation.resume() }
        }
    }
}
