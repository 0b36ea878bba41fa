package import Core

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
#if canImport(Glibc)
    import Glibc
#endif

/// The folder that holds everything that must survive: the SQLite file and the master key.
package struct DataFolder: Sendable {
    package let path: String

    /// Makes the folder, readable by its owner only, when it is not there.
    package init(_ path: String) throws(SettingError) {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw SettingError("AUDENCI_DATA=\(path): allowed is a folder that this user can create and write")
        }
    }

    /// The master key in the folder; made on the first call, mode 0600. Losing it makes sealed secrets unreadable: back
    /// it up with the database.
    package func masterKey(_ ambient: Ambient) throws(SettingError) -> Secret {
        let file = path + "/master.key"
        // Exclusive creation: of two processes that start at once, one makes the key and the other reads it.
        let made = open(file, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        if made >= 0 {
            let text = Data(ambient.randomBytes(32)).base64EncodedString() + "\n"
            let bytes = Array(text.utf8)
            let written = bytes.withUnsafeBytes { write(made, $0.baseAddress, $0.count) }
            fsync(made)
            close(made)
            guard written == bytes.count else {
                throw SettingError("AUDENCI_DATA=\(path): the master key cannot be written; is the disk full?")
            }
        }
        guard let data = FileManager.default.contents(atPath: file), data.count >= 16 else {
            throw SettingError("AUDENCI_DATA=\(path): master.key cannot be read or is empty; restore it from a backup")
        }
        return Secret(String(decoding: data, as: UTF8.self).trimmingLineEnds)
    }

    /// Holds the folder for one server: a second one on the same SQLite file would publish the same posts.
    /// - Throws: ``SettingError`` when another server holds it.
    package func lock() throws(SettingError) -> FolderLock {
        let file = path + "/server.lock"
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw SettingError(
                "AUDENCI_DATA=\(path): another audenci serve is running on this folder; stop it or choose another folder")
        }
        return FolderLock(descriptor: descriptor)
    }
}

/// Held as long as the process lives; the system lets go of it when the process ends, however it ends.
package final class FolderLock: Sendable {
    private let descriptor: Int32
    init(descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
}
