import Core
import Foundation
import Testing

@testable import Storage

/// What every store promises.
@Suite(.serialized, .timeLimit(.minutes(3))) struct StorageContractTests {
    @Test(arguments: StoreUnderTest.all)
    func whatWasPutComesBackWithItsType(store: StoreUnderTest) async throws {
        try await store.use { storage, key, folder in
            for size in [0, 1, 100, 65_535, 65_536, 65_537, 1_000_000] {
                let (bytes, type) = (noise(size), "image/x-\(size); q=\"1\"")
                for isFile in [false, true] {
                    let key = try key("object-\(size)-\(isFile)/original")
                    if isFile {
                        try await storage.put(key, file: try folder.file("source", bytes), contentType: type)
                    } else {
                        try await storage.put(key, bytes, contentType: type)
                    }
                    #expect(
                        try await storage.get(key, range: nil)
                            == StoredObject(bytes: bytes, contentType: type, range: 0..<size, size: size))
                    #expect(try await storage.size(key) == size)
                    let stream = try #require(try await storage.stream(key, range: nil))
                    #expect(stream.contentType == type && stream.size == size && stream.range == 0..<size)
                    #expect(try await collect(stream).bytes == bytes)
                }
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func twentyMegabytesTravelWhole(store: StoreUnderTest) async throws {
        try await store.use { storage, key, folder in
            let bytes = noise(20_000_003)
            let (inMemory, fromFile) = (try key("memory"), try key("file"))
            try await storage.put(inMemory, bytes, contentType: "video/mp4")
            try await storage.put(fromFile, file: try folder.file("video", bytes), contentType: "video/mp4")
            for key in [inMemory, fromFile] {
                #expect(try await storage.get(key, range: nil)?.bytes == bytes)
                #expect(try await storage.get(key, range: 19_999_990..<30_000_000)?.bytes == bytes.suffix(13))
                let (streamed, pieces) = try await collect(try #require(try await storage.stream(key, range: nil)))
                #expect(streamed == bytes)
                #expect(pieces.dropLast().allSatisfy { $0 == 65_536 } && pieces.count == 306)
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func aRangeBringsItsBytes(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            let (key, bytes) = (try key("a"), noise(200_000))
            try await storage.put(key, bytes, contentType: "image/png")
            for range in [
                0..<1, 5..<10, 199_999..<200_000, 0..<200_000, 65_536..<131_072, 1..<199_999, 100..<1_000_000, 0..<Int.max,
            ] {
                let expected = range.clamped(to: bytes.indices)
                let object = try #require(try await storage.get(key, range: range))
                #expect(object.range == expected && object.size == bytes.count && object.bytes == Array(bytes[expected]))
                let stream = try #require(try await storage.stream(key, range: range))
                #expect(stream.range == expected && stream.size == bytes.count && stream.contentType == "image/png")
                #expect(try await collect(stream).bytes == Array(bytes[expected]))
            }
            for range in [200_000..<200_001, 5..<5, -1..<4, 300_000..<Int.max, Int.max - 1..<Int.max] {
                #expect(
                    await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: range) }?.kind
                        == .rangeOutside)
                #expect(
                    await issue { () throws(StorageIssue) in _ = try await storage.stream(key, range: range) }?.kind
                        == .rangeOutside)
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func noRangeLiesInAnEmptyObject(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            let key = try key("empty")
            try await storage.put(key, [], contentType: "text/plain")
            #expect(
                await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: 0..<1) }?.kind == .rangeOutside)
            #expect(
                await issue { () throws(StorageIssue) in _ = try await storage.stream(key, range: 0..<1) }?.kind
                    == .rangeOutside)
            let stream = try #require(try await storage.stream(key, range: nil))
            #expect(stream.contentType == "text/plain" && stream.range.isEmpty)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func whatIsNotThereIsNil(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            try await storage.put(try key("a/b"), [1], contentType: "image/png")
            for missing in ["none", "a", "a/b/c"] {
                let key = try key(missing)
                #expect(try await storage.get(key, range: nil) == nil)
                #expect(try await storage.get(key, range: 0..<1) == nil)
                #expect(try await storage.stream(key, range: nil) == nil)
                #expect(try await storage.size(key) == nil)
                try await storage.delete(key)
            }
            #expect(try await storage.size(try key("a/b")) == 1)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func keysBelowKeysAreObjectsOfTheirOwn(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            let keys = try ["m", "m/a", "m/a/b", "m/a.b", "m/A", "m/a-b", "m/a_b"].map(key)
            for (index, key) in keys.enumerated() { try await storage.put(key, [UInt8(index)], contentType: "text/plain") }
            for (index, key) in keys.enumerated() { #expect(try await storage.get(key, range: nil)?.bytes == [UInt8(index)]) }
            try await storage.delete(keys[0])
            #expect(try await storage.get(keys[0], range: nil) == nil)
            for key in keys.dropFirst() { #expect(try await storage.size(key) == 1) }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func puttingAgainReplacesAndRemovingRemoves(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            let key = try key("a")
            for (bytes, type) in [(noise(100_000), "image/png"), (noise(10, seed: 2), "image/gif")] {
                try await storage.put(key, bytes, contentType: type)
                let object = try await storage.get(key, range: nil)
                #expect(object?.bytes == bytes && object?.contentType == type)
            }
            for _ in 0..<2 {
                try await storage.delete(key)
                #expect(try await storage.get(key, range: nil) == nil)
                #expect(try await storage.size(key) == nil)
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func ofConcurrentPutsOneStaysWhole(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            // Each writer has one byte and a length of its own, one of them travels in parts.
            let key = try key("a")
            func size(_ writer: UInt8) -> Int { writer == 3 ? 9_000_000 : 200_000 + Int(writer) }
            func isWhole(_ object: StoredObject?) -> Bool {
                guard let object, let first = object.bytes.first else { return false }
                return object.bytes.count == size(first) && object.bytes.allSatisfy { $0 == first }
                    && object.contentType == "image/\(first)"
            }
            try await storage.put(key, [UInt8](repeating: 0, count: size(0)), contentType: "image/0")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for writer in 1...8 as ClosedRange<UInt8> {
                    group.addTask {
                        for _ in 0..<3 {
                            try await storage.put(
                                key, [UInt8](repeating: writer, count: size(writer)), contentType: "image/\(writer)")
                        }
                    }
                }
                for _ in 0..<2 {
                    group.addTask {
                        for _ in 0..<20 {
                            let found = try await storage.get(key, range: nil)
                            #expect(isWhole(found))
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(isWhole(try await storage.get(key, range: nil)))
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func aStreamNeverMixesTwoPuts(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            let size = 9_000_000
            for isRemoved in [false, true] {
                let key = try key("a-\(isRemoved)")
                try await storage.put(key, [UInt8](repeating: 1, count: size), contentType: "video/mp4")
                let stream = try #require(try await storage.stream(key, range: nil))
                var pieces = stream.makeAsyncIterator()
                var bytes = try #require(try await pieces.next())
                if isRemoved {
                    try await storage.delete(key)
                } else {
                    try await storage.put(key, [UInt8](repeating: 2, count: size), contentType: "video/mp4")
                }
                do throws(StorageIssue) {
                    while let piece = try await pieces.next() { bytes += piece }
                    #expect(bytes.count == size)
                } catch {
                    #expect(error.kind == .damaged)
                }
                #expect(bytes.allSatisfy { $0 == 1 })
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func aPutThatIsCancelledAnywhereLeavesTheOldObjectOrTheNewOne(store: StoreUnderTest) async throws {
        try await store.use { storage, key, folder in
            let key = try key("a")
            let (old, new) = ([UInt8](repeating: 1, count: 1_000), [UInt8](repeating: 2, count: 20_000_000))
            let file = try folder.file("new", new)
            var random = SplitMix64(state: 7)
            for round in 0..<12 {
                try await storage.put(key, old, contentType: "image/png")
                let put = Task {
                    if round.isMultiple(of: 2) {
                        try await storage.put(key, file: file, contentType: "video/mp4")
                    } else {
                        try await storage.put(key, new, contentType: "video/mp4")
                    }
                }
                // Any moment will do; no clock says when a byte is on its way.
                try await Task.sleep(for: .microseconds(Int64(random.next() % 60_000)))
                put.cancel()
                let result = await put.result
                let found = try #require(try await storage.get(key, range: nil))
                switch result {
                case .success: #expect(found.bytes == new)
                case .failure(let error):
                    #expect((error as? StorageIssue)?.kind == .cancelled)
                    #expect(found.bytes == old || found.bytes == new)
                }
            }
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func onlyWholeRegularFilesArePut(store: StoreUnderTest) async throws {
        try await store.use { storage, key, folder in
            let key = try key("a")
            for path in [folder.path, folder.path + "/none", "/dev/null"] {
                let issue = await issue { () throws(StorageIssue) in
                    try await storage.put(key, file: path, contentType: "image/png")
                }
                #expect(issue?.kind == .unreadableSource, "\(path)")
            }
            #expect(try await storage.get(key, range: nil) == nil)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func typesThatNoHeaderCanHoldAreRefused(store: StoreUnderTest) async throws {
        try await store.use { storage, key, _ in
            let key = try key("a")
            for type in ["", " ", "image/png\r\nX: y", "image/png\n", "bild/ä", " a", "a ", String(repeating: "x", count: 201)]
            {
                let issue = await issue { () throws(StorageIssue) in try await storage.put(key, [1], contentType: type) }
                #expect(issue?.kind == .invalidContentType)
            }
            #expect(try await storage.get(key, range: nil) == nil)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func moreThanFitsInMemoryIsForTheStream(store: StoreUnderTest) async throws {
        try await store.use { storage, key, folder in
            let (key, size) = (try key("large"), StoredObject.maximumSize + 1)
            let path = try folder.file("sparse", [])
            #expect(truncate(path, size) == 0)
            try await storage.put(key, file: path, contentType: "video/mp4")
            #expect(await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: nil) }?.kind == .tooLarge)
            #expect(try await storage.get(key, range: 1..<11)?.size == size)
            var count = 0
            for try await piece in try #require(try await storage.stream(key, range: nil)) { count += piece.count }
            #expect(count == size)
        }
    }

    @Test(arguments: StoreUnderTest.all)
    func aStoreThatWorksPassesItsCheck(store: StoreUnderTest) async throws {
        try await store.use { storage, _, _ in
            try await storage.check()
            #expect(try await storage.size(try ObjectKey("audenci-check")) == nil)
        }
    }
}
