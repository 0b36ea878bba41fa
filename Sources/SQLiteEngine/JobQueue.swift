import Relational

#if canImport(Glibc)
    import Glibc
#endif

/// Hands jobs from tasks to threads: bounded, first come first served, and nothing that was accepted is lost.
///
/// A task first reserves a place, which may suspend it, then puts its job there; a thread takes jobs, which may block it.
final class JobQueue<Job: Sendable>: @unchecked Sendable {
    // @unchecked: everything below is touched only inside `locked`, which holds `mutex`. It is a pthread mutex because
    // Synchronization's has no condition to wait for.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let limit: Int
    private var jobs: [Job] = []
    /// Places taken: by queued jobs, and by tasks that are about to put one.
    private var reserved = 0
    private var waiters: [(id: UInt64, continuation: CheckedContinuation<Void, any Error>)] = []
    private var lastID: UInt64 = 0
    private var closed = false

    init(limit: Int) {
        self.limit = max(limit, 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(changed, nil)
    }

    deinit {
        pthread_cond_destroy(changed)
        pthread_mutex_destroy(mutex)
        changed.deallocate()
        mutex.deallocate()
    }

    /// Jobs in the queue, and tasks suspended for want of a place.
    var depth: (queued: Int, waiting: Int) { locked { (jobs.count, waiters.count) } }

    /// Takes a place in the queue; returns when there is one. ``put(_:)`` must follow.
    /// - Throws: ``RelationalError/closed`` after ``close()``; `CancellationError` when cancelled while suspended.
    func reserve() async throws {
        if try locked({ try takePlace() }) { return }
        let id = locked {
            lastID &+= 1; return lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let decision: Result<Void, any Error>? = locked {
                    // A cancellation that came before this line found no waiter to remove.
                    if Task.isCancelled { return .failure(CancellationError()) }
                    do {
                        if try takePlace() { return .success(()) }
                    } catch {
                        return .failure(error)
                    }
                    waiters.append((id, continuation))
                    return nil
                }
                if let decision { continuation.resume(with: decision) }
            }
        } onCancel: {
            let waiter = locked { () -> CheckedContinuation<Void, any Error>? in
                guard let index = waiters.firstIndex(where: { $0.id == id }) else { return nil }
                if closed { pthread_cond_broadcast(changed) }
                return waiters.remove(at: index).continuation
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Queues a job in the place that ``reserve()`` took.
    func put(_ job: Job) {
        locked {
            jobs.append(job)
            pthread_cond_signal(changed)
        }
    }

    /// Blocks until there are jobs, and takes up to `count` of them. Empty once the queue is closed and used up.
    func take(upTo count: Int) -> [Job] {
        let (taken, granted) = locked { () -> ([Job], [CheckedContinuation<Void, any Error>]) in
            while jobs.isEmpty && !finished { pthread_cond_wait(changed, mutex) }
            let taken = Array(jobs.prefix(count))
            jobs.removeFirst(taken.count)
            reserved -= taken.count
            let granted = waiters.prefix(limit - reserved).map(\.continuation)
            waiters.removeFirst(granted.count)
            reserved += granted.count
            if finished { pthread_cond_broadcast(changed) }
            return (taken, granted)
        }
        for waiter in granted { waiter.resume() }
        return taken
    }

    /// Refuses what comes from now on. What has been reserved, or waits to reserve, is still served.
    func close() {
        locked {
            closed = true
            pthread_cond_broadcast(changed)
        }
    }

    private var finished: Bool { closed && reserved == 0 && waiters.isEmpty }

    /// False when the caller has to wait, because the queue is full or others wait already.
    private func takePlace() throws -> Bool {
        if closed { throw RelationalError.closed }
        guard reserved < limit, waiters.isEmpty else { return false }
        reserved += 1
        return true
    }

    private func locked<Value>(_ body: () throws -> Value) rethrows -> Value {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }
}
