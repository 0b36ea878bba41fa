import Core
import Foundation
import Outbound
import Testing

@testable import Storage

/// `kill -9` in the middle of a put, in a process of its own.
@Suite(.serialized, .timeLimit(.minutes(3))) struct KillTests {
    @Test func aWriterKilledMidPutLeavesTheOldObjectInTheFolder() async throws {
        let folder = try TestFolder()
        let media = folder.path + "/media"
        let key = try ObjectKey("o/m/original")
        let source = try folder.file("source", noise(64 << 20))
        try await DiskStorage(folder: media).put(key, noise(1_000), contentType: "image/png")
        await #expect(processExitsWith: .signal(SIGKILL)) { [media = media as String, source = source as String] in
            let storage = try DiskStorage(folder: media)
            let incoming = media + "/incoming"
            Thread.detachNewThread {
                // The first file that has some megabytes dies with its writer.
                while true {
                    for name in (try? FileManager.default.contentsOfDirectory(atPath: incoming)) ?? [] {
                        let size = try? FileManager.default.attributesOfItem(atPath: incoming + "/" + name)[.size] as? NSNumber
                        if (size ?? 0).intValue >= 4 << 20 { kill(getpid(), SIGKILL) }
                    }
                }
            }
            try await storage.put(try ObjectKey("o/m/original"), file: source, contentType: "video/mp4")
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: media + "/incoming")
        #expect(left.count == 1)
        // A day later its rest is gone, too.
        let (ambient, _) = Ambient.fixed(at: Ambient.live.now() + .seconds(25 * 3600))
        let storage = try DiskStorage(folder: media, ambient: ambient)
        #expect(try await storage.get(key, range: nil)?.bytes == noise(1_000))
        #expect(try FileManager.default.contentsOfDirectory(atPath: media + "/incoming") == [])
    }

    @Test(.enabled(if: TestBucket.url != nil), arguments: [1, 2, 3, 4, 5])
    func aWriterKilledMidPutLeavesNoHalfObjectInTheBucket(requests: Int) async throws {
        let url = try #require(TestBucket.url)
        let folder = try TestFolder()
        let name = "killed-\(Ambient.live.randomBytes(8).hexadecimal)"
        // Beginning, three parts and the end: five requests, and it dies with each in turn under way.
        let source = try folder.file("source", noise(20 << 20))
        let storage = try await TestBucket.shared()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [url = url as String, name = name as String, source = source as String, requests = requests as Int] in
            let settings = try S3Settings(url)
            let client = KillingTransport(inner: try TestBucket.client(settings), during: requests)
            try await S3Storage(settings, client: client).put(try ObjectKey(name), file: source, contentType: "video/mp4")
        }
        let found = try await storage.get(try ObjectKey(name), range: nil)
        if requests < 5 { #expect(found == nil) } else { #expect(found.map { $0.bytes == noise(20 << 20) } ?? true) }
    }

    @Test(.enabled(if: TestBucket.url != nil)) func aWriterKilledInASinglePutLeavesTheOldObjectInTheBucket() async throws {
        let url = try #require(TestBucket.url)
        let name = "killed-\(Ambient.live.randomBytes(8).hexadecimal)"
        let storage = try await TestBucket.shared()
        try await storage.put(try ObjectKey(name), noise(1_000), contentType: "image/png")
        await #expect(processExitsWith: .signal(SIGKILL)) { [url = url as String, name = name as String] in
            let settings = try S3Settings(url)
            let client = KillingTransport(inner: try TestBucket.client(settings), during: 1)
            try await S3Storage(settings, client: client).put(
                try ObjectKey(name), noise(8 << 20, seed: 2), contentType: "video/mp4")
        }
        let found = try #require(try await storage.get(try ObjectKey(name), range: nil))
        #expect(found.bytes == noise(1_000) || found.bytes == noise(8 << 20, seed: 2))
    }

    /// Measured in processes of their own, whose memory nobody else uses.
    @Test func largeFilesGoThroughAFolderInLittleMemory() async throws {
        let folder = try TestFolder()
        let source = try folder.file("source", [])
        #expect(truncate(source, 300 << 20) == 0)
        await #expect(processExitsWith: .success) { [folder = folder.path as String, source = source as String] in
            try await passThrough(try DiskStorage(folder: folder + "/media"), source, within: 32 << 20)
        }
    }

    @Test(.enabled(if: TestBucket.url != nil)) func largeFilesGoThroughABucketInLittleMemory() async throws {
        let url = try #require(TestBucket.url)
        let folder = try TestFolder()
        let source = try folder.file("source", [])
        #expect(truncate(source, 300 << 20) == 0)
        _ = try await TestBucket.shared()
        await #expect(processExitsWith: .success) { [url = url as String, source = source as String] in
            let settings = try S3Settings(url)
            try await passThrough(S3Storage(settings, client: try TestBucket.client(settings)), source, within: 96 << 20)
        }
    }
}

/// Dies while the answer to the given request (from 1) is waited for.
private final class KillingTransport: Transport {
    private let inner: any Transport
    private let during: Int
    private let sent = Counter()

    init(inner: any Transport, during: Int) {
        self.inner = inner
        self.during = during
    }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        let isLast = await sent.next() == during
        if isLast {
            // A part of the body is on its way by then, or all of it: every moment must do.
            Thread.detachNewThread {
                usleep(5_000)
                kill(getpid(), SIGKILL)
            }
        }
        let answer = try await inner.send(request)
        // Should the answer be faster, its reader still never sees it.
        if isLast { try? await Task.sleep(for: .seconds(60)) }
        return answer
    }

    private actor Counter {
        private var count = 0
        func next() -> Int {
            count += 1
            return count
        }
    }
}

/// Puts the file, streams it back, and fails when the process ever used `limit` bytes more than before.
private func passThrough(_ storage: any ObjectStorage, _ source: String, within limit: Int) async throws {
    func peak() throws -> Int {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage.ru_maxrss * 1_024
    }
    let key = try ObjectKey("large-\(Ambient.live.randomBytes(8).hexadecimal)")
    let before = try peak()
    try await storage.put(key, file: source, contentType: "video/mp4")
    var count = 0
    for try await piece in try #require(try await storage.stream(key, range: nil)) { count += piece.count }
    try await storage.delete(key)
    try #require(count == 300 << 20)
    let used = try peak() - before
    fputs("peak memory: \(used >> 20) MiB more than before\n", stderr)
    try #require(used < limit)
}
