import Core
import Foundation
import Outbound
import Testing

@testable import Storage

/// A store that the contract is tested on. Another one joins by one more entry in ``all``.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Makes a store whose objects are in `folder`, or in the bucket that all tests share.
    private let make: @Sendable (_ folder: TestFolder) async throws -> any ObjectStorage

    static let all =
        [StoreUnderTest(testDescription: "folder") { try DiskStorage(folder: $0.path + "/media") }]
        + (TestBucket.url == nil ? [] : [StoreUnderTest(testDescription: "bucket") { _ in try await TestBucket.shared() }])

    /// Runs `body` on the store with a prefix for keys that no other test has, and a folder of the test's own.
    func use(_ body: (any ObjectStorage, _ key: (String) throws -> ObjectKey, TestFolder) async throws -> Void) async throws {
        let folder = try TestFolder()
        let prefix = "test-" + Ambient.live.randomBytes(8).hexadecimal
        try await body(try await make(folder), { try ObjectKey("\(prefix)/\($0)") }, folder)
        withExtendedLifetime(folder) {}
    }
}

/// A folder that is removed with its owner.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("audenci-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and returns its path.
    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: path + "/" + name))
        return path + "/" + name
    }
}

/// The bucket of the server that `script/with-seaweedfs` starts; without it the tests that need one do not run.
enum TestBucket {
    static let url = ProcessInfo.processInfo.environment["AUDENCI_TEST_S3"]

    struct Missing: Error {}

    static func settings(_ change: (String) -> String = { $0 }) throws -> S3Settings {
        guard let url else { throw Missing() }
        return try S3Settings(change(url))
    }

    static func client(_ settings: S3Settings) throws -> GuardedClient {
        try GuardedClient(policy: settings.policy, trustsSystem: false)
    }

    /// A store in the bucket, which is made on the first call.
    static func shared() async throws -> S3Storage { try await made.value }

    private static let made = Task<S3Storage, any Error> {
        let settings = try TestBucket.settings()
        let storage = S3Storage(settings, client: try client(settings))
        // 409: a run before this one made it.
        do throws(StorageIssue) { _ = try await storage.client.send(S3Request("PUT", nil)) } catch {
            guard error.message.contains("409") else { throw error }
        }
        return storage
    }
}

/// Bytes that differ everywhere and repeat from their seed.
func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = SplitMix64(state: seed)
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        while filled < count {
            var number = generator.next()
            for _ in 0..<min(8, count - filled) {
                buffer[filled] = UInt8(truncatingIfNeeded: number)
                number >>= 8
                filled += 1
            }
        }
    }
}

/// What the stream brings, and how large its pieces were.
func collect(_ stream: ObjectStream) async throws(StorageIssue) -> (bytes: [UInt8], pieces: [Int]) {
    var (bytes, pieces): ([UInt8], [Int]) = ([], [])
    for try await piece in stream {
        bytes += piece
        pieces.append(piece.count)
    }
    return (bytes, pieces)
}

/// The issue of a call that must fail.
func issue(_ call: () async throws(StorageIssue) -> Void) async -> StorageIssue? {
    do throws(StorageIssue) {
        try await call()
        return nil
    } catch {
        return error
    }
}
