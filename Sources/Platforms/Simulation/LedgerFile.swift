#if canImport(Glibc)
    import Glibc
#endif

/// Lines in a file that survive whatever happens after ``append(_:)`` has returned. Not for concurrent use: its owner locks.
struct LedgerFile: ~Copyable {
    /// The system refused; `errno` and what was tried.
    struct Failure: Error, CustomStringConvertible {
        let what: String
        let code: Int32
        var description: String { "\(what): error \(code)" }
    }

    private let descriptor: Int32

    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw Failure(what: "opening \(path)", code: errno) }
    }

    deinit { close(descriptor) }

    /// Every whole line. A last line without its end is the trace of a crash while it was written: it was never
    /// acknowledged, so it is cut off.
    func lines() throws -> [[UInt8]] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = pread(descriptor, &chunk, chunk.count, off_t(bytes.count))
            guard count >= 0 else { throw Failure(what: "reading", code: errno) }
            if count == 0 { break }
            bytes.append(contentsOf: chunk.prefix(count))
        }
        let whole = (bytes.lastIndex(of: 0x0A) ?? -1) + 1
        if whole < bytes.count, ftruncate(descriptor, off_t(whole)) != 0 { throw Failure(what: "truncating", code: errno) }
        return bytes[..<whole].split(separator: 0x0A).map { Array($0) }
    }

    /// Adds a line; with `durably` it is on the disk when this returns.
    func append(_ line: [UInt8], durably: Bool) throws {
        var rest = (line + [0x0A])[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { throw Failure(what: "writing", code: errno) }
            rest = rest.dropFirst(count)
        }
        if durably, fsync(descriptor) != 0 { throw Failure(what: "syncing", code: errno) }
    }

    func removeAll() throws {
        guard ftruncate(descriptor, 0) == 0, fsync(descriptor) == 0 else { throw Failure(what: "truncating", code: errno) }
    }
}
