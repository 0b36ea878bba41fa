import CVipsShim

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The whole life of a worker process: confine itself, read one request, answer, end.
package enum ImageWorkerProcess {
    private static let memory: UInt = 1 << 30
    private static let cpuSeconds: UInt32 = 20
    private static let openFiles: UInt32 = 16

    /// What the command behind the hidden argument calls. Writes to standard output, so nothing else may.
    package static func run() -> Never {
        // `_exit`: there is nothing to clean up, and what runs at a regular exit may touch what the file has damaged.
        _exit(serve()?.rawValue ?? 0)
    }

    private static func serve() -> WorkerExit? {
        // Before the first byte of the request is read.
        guard audenci_confine(memory, cpuSeconds, openFiles) == 0 else { return .notConfined }
        do { try ImageCodec.start() } catch { return .noLibrary }
        guard let line = readHead(), let request = WorkerRequest(head: line), let bytes = read(request.byteCount) else {
            return .badRequest
        }
        let reply = ImageWorker.answer(request, bytes)
        guard write(reply.head) else { return .notRead }
        if case .pictures(let pictures) = reply {
            for picture in pictures { guard write(picture) else { return .notRead } }
        }
        return nil
    }

    /// Byte by byte, for what follows is not to be read into the same buffer; the line has a few hundred bytes.
    private static func readHead() -> [UInt8]? {
        var line: [UInt8] = []
        while line.count < WorkerRequest.longestHead {
            guard let byte = read(1)?.first else { return nil }
            if byte == 0x0A { return line }
            line.append(byte)
        }
        return nil
    }

    /// Exactly so many bytes of standard input, nil when it ends before.
    private static func read(_ count: Int) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let step = Glibc.read(STDIN_FILENO, buffer.baseAddress.map { $0 + filled }, count - filled)
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { return }
                filled += step
            }
        }
        return bytes.count == count ? bytes : nil
    }

    private static func write(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count {
                let step = Glibc.write(STDOUT_FILENO, buffer.baseAddress.map { $0 + sent }, buffer.count - sent)
                if step < 0, errno == EINTR { continue }
                guard step > 0 else { return false }
                sent += step
            }
            return true
        }
    }
}
