import Contract
import Features
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Puts archives together in files of the data folder.
struct LocalExportFolder: ExportFolder {
    let folder: String

    func path(of name: String) -> String { folder + "/" + name }

    func create(_ name: String) async throws -> any ExportFile {
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let descriptor = open(path(of: name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LocalExportFile.failure("opened") }
        return LocalExportFile(FileHandle(fileDescriptor: descriptor, closeOnDealloc: true))
    }

    func remove(_ name: String) async { unlink(path(of: name)) }
}

/// An open file; closed when nobody holds it any more.
private actor LocalExportFile: ExportFile {
    private let handle: FileHandle
    private var end: off_t = 0

    init(_ handle: FileHandle) { self.handle = handle }

    func append(_ bytes: [UInt8]) throws {
        try write(bytes, at: end)
        end += off_t(bytes.count)
    }

    func overwrite(_ bytes: [UInt8], at place: UInt64) throws { try write(bytes, at: off_t(clamping: place)) }

    func finish() throws {
        guard fsync(handle.fileDescriptor) == 0 else { throw Self.failure("made durable") }
    }

    private func write(_ bytes: [UInt8], at place: off_t) throws {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                pwrite(handle.fileDescriptor, $0.baseAddress, $0.count, place + off_t(written))
            }
            guard count > 0 else { throw Self.failure("written") }
            written += count
        }
    }

    static func failure(_ what: String) -> APIError {
        APIError(.unavailable, "The archive's file could not be \(what): \(String(cString: strerror(errno))).")
    }
}
