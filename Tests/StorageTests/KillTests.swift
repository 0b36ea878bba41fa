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
        try ChildNotes.leave(media, source)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let notes = try ChildNotes.read()
            let (media, source) = (notes[0], notes[1])
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
        try ChildNotes.leave(url, name, source, String(requests))
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let notes = try ChildNotes.read()
            let (url, name, source, requests) = (notes[0], notes[1], notes[2], try #require(Int(notes[3])))
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
        try ChildNotes.leave(url, name)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            let notes = try ChildNotes.read()
            let (url, name) = (notes[0], notes[1])
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
        try ChildNotes.leave(folder.path, source)
        await #expect(processExitsWith: .success) {
            let notes = try ChildNotes.read()
            let (folder, source) = (notes[0], notes[1])
            try await passThrough(try DiskStorage(folder: folder + "/media"), source, within: 32 << 20)
        }
    }

    @Test(.enabled(if: TestBucket.url != nil)) func largeFilesGoThroughABucketInLittleMemory() async throws {
        let url = try #require(TestBucket.url)
        let folder = try TestFolder()
        let source = try folder.file("source", [])
        #expect(truncate(source, 300 << 20) == 0)
        _ = try await TestBucket.shared()
        try ChildNotes.leave(url, source)
        await #expect(processExitsWith: .success) {
            let notes = try ChildNotes.read()
            let (url, source) = (notes[0], notes[1])
            let settings = try S3Settings(url)
            try await passThrough(S3Storage(settings, client: try TestBucket.client(settings)), source, within: 128 << 20)
        }
    }
}

/// What an exit test's process is to do: the macro of Swift 6.2 captures nothing, so it reads what its parent left.
private enum ChildNotes {
    private static func path(_ process: pid_t) -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("audenci-notes-\(process)").path
    }

    /// One at a time: the suite is serialized.
    static func leave(_ notes: String...) throws {
        try notes.joined(separator: "\n").write(toFile: path(getpid()), atomically: true, encoding: .utf8)
    }

    /// Reads them once; there are five at least.
    static func read() throws -> [String] {
        let path = path(getppid())
        let notes = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        try FileManager.default.removeItem(atPath: path)
        return notes + Array(repeating: "", count: 5)
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
    // Not getrusage's figure: what the parent used when it forked counts there.
    func peak() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
        return try #require(Int(line.filter(\.isNumber))) * 1_024
    }
    let key = try ObjectKey("large-\(Ambient.live.randomBytes(8).hexadecimal)")
    let before = try peak()
    try await storage.put(key, file: source, contentType: "video/mp4")
    var count = 0
    for try await piece in try #require(try await storage.stream(key, range: nil)) { count += piece.count }
    try await storage.delete(key)
    try #require(count == 300 << 20)
    let used = try peak() - before
    try #require(used < limit, "\(used >> 20) MiB")
}
