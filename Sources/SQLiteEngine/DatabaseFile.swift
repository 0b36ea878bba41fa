import Relational

#if canImport(Glibc)
    import Glibc
#endif

/// Files on disk that only their owner may read: they hold customers' posts and sealed tokens.
enum DatabaseFile {
    /// Creates an empty file (mode 0600) and its folder (mode 0700) where they are missing.
    ///
    /// SQLite gives the log and the shared-memory file the mode of the database file. O_EXCL matters: closing any
    /// descriptor of an existing database would drop the locks that this process holds on it.
    static func create(_ path: String) throws {
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try createFolder(String(path[..<slash])) }
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 {
            Glibc.close(descriptor)
        } else if errno != EEXIST {
            throw failure("create", path)
        }
    }

    /// Makes the content and the mode of a finished file durable.
    static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    static func rename(_ path: String, to target: String) throws {
        guard Glibc.rename(path, target) == 0 else { throw failure("rename", path) }
        let folder = target.lastIndex(of: "/").map { String(target[...$0]) } ?? "."
        try sync(folder)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func createFolder(_ path: String) throws {
        if exists(path) || mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw failure("create", path)
        }
        try createFolder(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("create", path) }
    }

    private static func failure(_ verb: String, _ path: String) -> RelationalError {
        .storage("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
