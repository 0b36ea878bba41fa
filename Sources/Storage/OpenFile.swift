#if canImport(Glibc)
    import Glibc
#endif

/// A file descriptor that is closed with its last owner. All calls block.
final class OpenFile: Sendable {
    private let descriptor: Int32
    /// For messages.
    private let name: String

    /// - Returns: nil when there is no such file.
    init?(existing path: String, name: String) throws(StorageIssue) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.name = name
        guard descriptor < 0 else { return }
        let code = errno
        if code == ENOENT { return nil }
        throw .system("open \(name)", code)
    }

    /// A new file that only its owner may read: it is a customer's.
    init(new path: String, name: String) throws(StorageIssue) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        self.name = name
        guard descriptor < 0 else { return }
        throw .system("create \(name)", errno)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    struct Status: Hashable, Sendable {
        let isRegular: Bool
        let size: Int
        /// Of the last change of content, in nanoseconds.
        let changed: Int64
    }

    func status() throws(StorageIssue) -> Status {
        var found = stat()
        guard fstat(descriptor, &found) == 0 else { throw .system("look at \(name)", errno) }
        return Status(
            isRegular: found.st_mode & S_IFMT == S_IFREG, size: Int(found.st_size),
            changed: Int64(found.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(found.st_mtim.tv_nsec))
    }

    /// The bytes in `range`, fewer where the file ends before.
    func read(_ range: Range<Int>) throws(StorageIssue) -> [UInt8] {
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, filled in
            while filled < range.count {
                let count = pread(
                    descriptor, buffer.baseAddress?.advanced(by: filled), range.count - filled, range.lowerBound + filled)
                if count > 0 { filled += count } else if count == 0 { return } else if errno != EINTR { code = errno; return }
            }
        }
        guard code == 0 else { throw .system("read \(name)", code) }
        return bytes
    }

    /// Appends all of `bytes`.
    func write(_ bytes: [UInt8]) throws(StorageIssue) {
        var written = 0
        while written < bytes.count {
            let (count, code) = bytes.withUnsafeBytes { buffer in
                (Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written), errno)
            }
            if count >= 0 { written += count } else if code != EINTR { throw .system("write \(name)", code) }
        }
    }

    /// Returns when the content survives a power cut.
    func sync() throws(StorageIssue) {
        guard fsync(descriptor) == 0 else { throw .system("make \(name) durable", errno) }
    }
}
