#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A thread for work that blocks, which Swift's pool of one thread a core must not do.
enum OwnThread {
    private final class Work: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    /// False when the system has no thread to give; `work` is not called then.
    static func start(_ work: @escaping @Sendable () -> Void) -> Bool {
        let retained = Unmanaged.passRetained(Work(work))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, retained.toOpaque())
        guard code == 0 else {
            retained.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
