import CVipsShim
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Holds on to a worker process, so that whoever has a reason can end it, and never another process that got its number.
final class WorkerLeash: Sendable {
    private enum State {
        case unborn
        case running(pid_t)
        case over
    }
    private struct Story {
        var state = State.unborn
        var isCancelled = false
    }
    private let story = Mutex(Story())

    /// How the process ended.
    enum End: Hashable { case exit(Int32), signal(Int32), unknown }

    var isCancelled: Bool { story.withLock { $0.isCancelled } }

    /// Starts the worker.
    /// - Returns: its socket.
    func start(_ executable: String, mode: String) throws(ImageIssue) -> Int32 {
        let result = story.withLock { story -> Result<Int32, ImageIssue> in
            if story.isCancelled { return .failure(.cancelled) }
            var (process, socket): (pid_t, Int32) = (0, -1)
            let code = audenci_spawn_worker(executable, mode, &process, &socket)
            guard code == 0 else { return .failure(.noWorker(String(cString: strerror(code)))) }
            story.state = .running(process)
            return .success(socket)
        }
        return try result.get()
    }

    /// From any thread, any number of times.
    func cancel() {
        story.withLock { story in
            story.isCancelled = true
            if case .running(let process) = story.state { kill(process, SIGKILL) }
        }
    }

    /// Ends the worker if it has not, and collects it. One that has begun to exit keeps its own code.
    func end() -> End {
        story.withLock { story in
            guard case .running(let process) = story.state else { return .unknown }
            kill(process, SIGKILL)
            story.state = .over
            let code = audenci_await_worker(process)
            if code < 0 { return .unknown }
            return code >= 1000 ? .signal(code - 1000) : .exit(code)
        }
    }
}
