import Synchronization

#if canImport(Glibc)
    import Glibc
#endif

/// At most `limit` threads that run blocking look-ups. Threads start when there is work and end when there is none, so an
/// idle server has none of them and nothing is to be shut down.
///
/// Names under one parent domain get at most `limit / 4` of the threads: whoever owns a zone can make every name in it
/// slow, and must not be able to stop the look-ups of everybody else.
final class LookupThreads: Sendable {
    private struct Job: Sendable {
        let parent: String
        let run: @Sendable () -> Void
        let abandon: @Sendable () -> Void
    }
    private struct State {
        var running = 0
        var runningByParent: [String: Int] = [:]
        var queue: [Job] = []
    }
    private let state = Mutex(State())
    private let limit: Int
    private let limitPerParent: Int
    private let queueLimit: Int

    init(limit: Int, queueLimit: Int = 1_024) {
        self.limit = max(limit, 1)
        self.limitPerParent = max(limit / 4, 1)
        self.queueLimit = queueLimit
    }

    /// Runs `job` on one of the threads, soon; `abandon` instead when the system gives no thread for it.
    /// - Returns: false when too many wait already; neither is called then.
    func submit(
        for host: String, _ job: @escaping @Sendable () -> Void, abandon: @escaping @Sendable () -> Void
    ) -> Bool {
        let parent = host.split(separator: ".").suffix(2).joined(separator: ".")
        let (isTaken, needsThread) = state.withLock { state -> (Bool, Bool) in
            guard state.queue.count < queueLimit else { return (false, false) }
            state.queue.append(Job(parent: parent, run: job, abandon: abandon))
            let isParentFull = state.runningByParent[parent, default: 0] >= limitPerParent
            guard state.running < limit, !isParentFull else { return (true, false) }
            state.running += 1
            return (true, true)
        }
        if needsThread, !startThread() {
            // No thread to be had: if others run, they will take the job; if none does, nobody would.
            let orphans = state.withLock { state -> [Job] in
                state.running -= 1
                guard state.running == 0 else { return [] }
                defer { state.queue.removeAll() }
                return state.queue
            }
            for job in orphans { job.abandon() }
        }
        return isTaken
    }

    /// The first job whose parent domain has a thread to spare.
    private func takeJob() -> Job? {
        state.withLock { state in
            let running = state.runningByParent
            guard let index = state.queue.firstIndex(where: { running[$0.parent, default: 0] < limitPerParent }) else {
                state.running -= 1
                return nil
            }
            let job = state.queue.remove(at: index)
            state.runningByParent[job.parent, default: 0] += 1
            return job
        }
    }

    private func work() {
        while let job = takeJob() {
            job.run()
            state.withLock { state in
                let count = state.runningByParent[job.parent, default: 1] - 1
                state.runningByParent[job.parent] = count == 0 ? nil : count
            }
        }
    }

    private func startThread() -> Bool {
        let attributes = UnsafeMutablePointer<pthread_attr_t>.allocate(capacity: 1)
        defer { attributes.deallocate() }
        guard pthread_attr_init(attributes) == 0 else { return false }
        defer { pthread_attr_destroy(attributes) }
        pthread_attr_setdetachstate(attributes, Int32(PTHREAD_CREATE_DETACHED))
        // NSS modules are loaded into these threads; 512 KiB is ample for glibc's own.
        pthread_attr_setstacksize(attributes, 512 * 1_024)
        var thread = pthread_t()
        let this = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread, attributes,
            { pointer in
                if let pointer { Unmanaged<LookupThreads>.fromOpaque(pointer).takeRetainedValue().work() }
                return nil
            }, this.toOpaque())
        if code != 0 { this.release() }
        return code == 0
    }
}
