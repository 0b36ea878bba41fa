#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// One worker from start to end, on a thread that may block.
struct WorkerRun {
    let executable: String
    let mode: String
    /// Sent one after the other.
    let request: [[UInt8]]
    let deadline: Duration
    let longestReply: Int

    private enum Stop: Hashable { case ended, late, tooLong, broken(Int32) }

    func perform(_ leash: WorkerLeash) -> Result<[UInt8], ImageIssue> {
        let socket: Int32
        do throws(ImageIssue) { socket = try leash.start(executable, mode: mode) } catch { return .failure(error) }
        let (stop, reply) = exchange(socket)
        let end = leash.end()
        close(socket)
        if leash.isCancelled { return .failure(.cancelled) }
        switch stop {
        case .late: return .failure(.tookTooLong)
        case .tooLong: return .failure(.workerFailed("the result is larger than \(longestReply) bytes"))
        case .broken(let code): return .failure(.workerFailed("no talking to the worker: \(String(cString: strerror(code)))"))
        case .ended: break
        }
        switch end {
        case .exit(0): return .success(reply)
        case .exit(let code):
            if let trouble = WorkerExit(rawValue: code)?.operatorsTrouble { return .failure(.noWorker(trouble)) }
            return .failure(.workerFailed("the worker ended with code \(code)"))
        case .signal(SIGXCPU): return .failure(.tookTooLong)
        case .signal(let signal): return .failure(.workerFailed("the worker was ended by signal \(signal)"))
        case .unknown: return .failure(.workerFailed("nobody knows how the worker ended"))
        }
    }

    /// Sends while the worker reads, reads while it sends, until it closes its end.
    private func exchange(_ socket: Int32) -> (Stop, [UInt8]) {
        let end = ContinuousClock.now + deadline
        var outgoing = Outgoing(request)
        var reply: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { return (.late, []) }
            var entry = pollfd(fd: socket, events: Int16(outgoing.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0)
            let ready = poll(&entry, 1, Int32(clamping: Int64(left / .milliseconds(1)) + 1))
            if ready < 0, errno != EINTR { return (.broken(errno), []) }
            guard ready > 0 else { continue }
            if Int32(entry.revents) & ~POLLOUT != 0 {
                let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                // A reset: it ended without having read everything. How it ended says why.
                if count == 0 || (count < 0 && errno == ECONNRESET) { return (.ended, reply) }
                if count < 0, errno != EAGAIN, errno != EINTR { return (.broken(errno), []) }
                if count > longestReply - reply.count { return (.tooLong, []) }
                if count > 0 { reply.append(contentsOf: buffer[..<count]) }
            }
            if Int32(entry.revents) & POLLOUT != 0 { outgoing.send(to: socket) }
        }
    }
}

/// What is still to be sent.
private struct Outgoing {
    private var parts: ArraySlice<[UInt8]>
    private var offset = 0

    init(_ parts: [[UInt8]]) { self.parts = parts.filter { !$0.isEmpty }[...] }

    var isEmpty: Bool { parts.isEmpty }

    /// As much as goes without waiting; the worker's end of input after the last. A worker that reads no more gets no more.
    mutating func send(to socket: Int32) {
        guard let part = parts.first else { return }
        let count = part.withUnsafeBytes { bytes in
            Glibc.send(
                socket, bytes.baseAddress.map { $0 + offset }, bytes.count - offset,
                Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
        }
        if count < 0 {
            if errno != EAGAIN, errno != EINTR { parts = [] }
            return
        }
        offset += count
        guard offset == part.count else { return }
        offset = 0
        parts = parts.dropFirst()
        if parts.isEmpty { shutdown(socket, Int32(SHUT_WR)) }
    }
}
