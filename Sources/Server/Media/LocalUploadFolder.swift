import Contract
import Core
import Crypto
import Features
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// Gathers the pieces of uploads in files of the data folder.
struct LocalUploadFolder: UploadFolder {
    let folder: String

    func path(of name: String) -> String { folder + "/" + name }

    func append(_ piece: [UInt8], to name: String, at offset: Int64) async throws {
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let file = open(path(of: name), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("opened") }
        defer { close(file) }
        // What a crash left behind the last piece that counts is cut off.
        guard ftruncate(file, off_t(offset)) == 0 else { throw Self.failure("cut") }
        var written = 0
        while written < piece.count {
            let count = piece[written...].withUnsafeBytes {
                pwrite(file, $0.baseAddress, $0.count, off_t(offset) + off_t(written))
            }
            guard count > 0 else { throw Self.failure("written") }
            written += count
        }
        guard fsync(file) == 0 else { throw Self.failure("made durable") }
    }

    func head(of name: String, count: Int) async throws -> [UInt8] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path(of: name)))
        defer { try? file.close() }
        return Array(try file.read(upToCount: count) ?? Data())
    }

    func bytes(of name: String) async throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(of: name)))) }

    func sha256(of name: String) async throws -> String {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path(of: name)))
        defer { try? file.close() }
        var hash = SHA256()
        while let piece = try file.read(upToCount: 1_048_576), !piece.isEmpty { hash.update(data: piece) }
        return hash.finalize().hexadecimal
    }

    func remove(_ name: String) async { unlink(path(of: name)) }

    private static func failure(_ what: String) -> APIError {
        let reason = String(cString: strerror(errno))
        return APIError(
            .unavailable, "The upload's file could not be \(what): \(reason). Nothing of this piece counts; send it again.")
    }
}
