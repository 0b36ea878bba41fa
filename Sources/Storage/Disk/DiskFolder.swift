import Core

#if canImport(Glibc)
    import Glibc
#endif

/// The folders of a ``DiskStorage``. All calls block.
enum DiskFolder {
    /// Makes the folder with its shards (mode 0700) where they are missing.
    static func prepare(_ layout: DiskLayout) throws(StorageIssue) {
        let isNew = try make(layout.folder)
        for path in [layout.incoming] + layout.shards { _ = try make(path) }
        try sync(layout.folder)
        if isNew { try sync(layout.folder + "/..") }
    }

    /// - Returns: false when it was there.
    private static func make(_ path: String) throws(StorageIssue) -> Bool {
        if mkdir(path, 0o700) == 0 { return true }
        guard errno == EEXIST else { throw .system("create the media folder \(path)", errno) }
        return false
    }

    /// Makes new, changed and removed names durable.
    static func sync(_ path: String) throws(StorageIssue) {
        guard let folder = try OpenFile(existing: path, name: "the media folder \(path)") else { throw gone(path) }
        try folder.sync()
    }

    /// Tells an object that is not there from a disk that is not mounted.
    static func checkPresence(_ layout: DiskLayout) throws(StorageIssue) {
        guard access(layout.incoming, F_OK) == 0 else { throw gone(layout.folder) }
    }

    private static func gone(_ path: String) -> StorageIssue {
        StorageIssue(.unavailable, "The media folder \(path) is gone. Restore or mount it, then start the server again.")
    }

    /// Removes what processes that died left in `incoming`. A file that is still written is younger than `limit`.
    static func sweep(_ layout: DiskLayout, unchangedSince limit: Instant) throws(StorageIssue) {
        guard let folder = opendir(layout.incoming) else { throw .system("list \(layout.incoming)", errno) }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            let path = layout.incoming + "/" + name
            var found = stat()
            guard lstat(path, &found) == 0, found.st_mode & S_IFMT == S_IFREG else { continue }
            if Int64(found.st_mtim.tv_sec) < limit.seconds { unlink(path) }
        }
    }
}
