#if canImport(Glibc)
    import Glibc
#endif

/// An object on its way: a file without its final name, which is gone with its owner unless it is kept. All calls block.
final class IncomingFile: Sendable {
    private let path: String
    private let file: OpenFile

    init(at path: String) throws(StorageIssue) {
        self.path = path
        file = try OpenFile(new: path, name: "a file in the media folder")
    }

    /// After ``keep(as:in:)`` the name is no longer there, and this does nothing.
    deinit { unlink(path) }

    func write(_ bytes: [UInt8]) throws(StorageIssue) { try file.write(bytes) }

    /// Gives the complete file its name, replacing what had it. The content is durable before the name is, and the name
    /// before this returns, so that a crash at any moment leaves the old object, the new one or none.
    func keep(as name: String, in folder: String) throws(StorageIssue) {
        try file.sync()
        guard rename(path, name) == 0 else { throw .system("name a file in the media folder", errno) }
        try DiskFolder.sync(folder)
    }
}
