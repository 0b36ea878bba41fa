import Contract
import Core
import Features
import Storage
import Synchronization

/// The library's bytes in a folder or a bucket, opened when they are first needed: commands that touch no media need
/// neither.
final class StoredMediaVault: MediaVault {
    private let open: @Sendable () throws -> any ObjectStorage
    private let opened = Mutex<(any ObjectStorage)?>(nil)

    init(open: @escaping @Sendable () throws -> any ObjectStorage) { self.open = open }

    private func storage() throws -> any ObjectStorage {
        try opened.withLock { storage in
            if let storage { return storage }
            let new = try open()
            storage = new
            return new
        }
    }

    func put(_ key: String, _ bytes: [UInt8], type: String) async throws {
        try await storage().put(try ObjectKey(key), bytes, contentType: type)
    }

    func put(_ key: String, file path: String, type: String) async throws {
        try await storage().put(try ObjectKey(key), file: path, contentType: type)
    }

    func get(_ key: String) async throws -> [UInt8]? {
        try await storage().get(try ObjectKey(key), range: nil)?.bytes
    }

    func pieces(of key: String) async throws -> (size: Int, send: ReplyStream)? {
        guard let stream = try await storage().stream(try ObjectKey(key), range: nil) else { return nil }
        return (
            stream.size,
            { send in
                for try await piece in stream { try await send(piece) }
            }
        )
    }

    func delete(_ key: String) async throws { try await storage().delete(try ObjectKey(key)) }
}
