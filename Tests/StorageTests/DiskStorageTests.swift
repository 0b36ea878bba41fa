import Core
import Foundation
import Testing

@testable import Storage

struct DiskStorageTests {
    private func files(below path: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path).filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: path + "/" + name, isDirectory: &isFolder) && !isFolder.boolValue
        }
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }

    @Test func onlyTheOwnerMayRead() async throws {
        let folder = try TestFolder()
        let storage = try DiskStorage(folder: folder.path + "/media")
        try await storage.put(try ObjectKey("o/m/original"), noise(10), contentType: "image/png")
        let names = try files(below: folder.path + "/media")
        #expect(names.count == 1)
        for name in names { #expect(try mode(folder.path + "/media/" + name) == 0o600) }
        #expect(try mode(folder.path + "/media") == 0o700)
        #expect(try mode(folder.path + "/media/incoming") == 0o700)
    }

    @Test func aFileBeginsWithTheObjectsBytesAndIsNamedByItsKey() async throws {
        let folder = try TestFolder()
        let storage = try DiskStorage(folder: folder.path + "/media")
        let bytes = noise(1_000)
        try await storage.put(try ObjectKey("o/m/original"), bytes, contentType: "image/png")
        let name = try #require(try files(below: folder.path + "/media").first)
        #expect(name.hasSuffix("/o,m,original"))
        let content = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/media/" + name))
        #expect(Array(content.prefix(1_000)) == bytes)
    }

    @Test func aReopenedFolderHasItsObjects() async throws {
        let folder = try TestFolder()
        let key = try ObjectKey("o/m/original")
        try await DiskStorage(folder: folder.path).put(key, noise(100), contentType: "image/png")
        #expect(try await DiskStorage(folder: folder.path).get(key, range: nil)?.bytes == noise(100))
    }

    @Test func aFileThatWasCutOrChangedIsDamagedNotShorter() async throws {
        let folder = try TestFolder()
        let storage = try DiskStorage(folder: folder.path)
        let key = try ObjectKey("a")
        try await storage.put(key, noise(1_000), contentType: "image/png")
        let path = DiskLayout(folder: folder.path).file(of: key)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        for content in [whole.prefix(500), whole.dropLast(), Data(), whole + Data([0])] {
            try content.write(to: URL(fileURLWithPath: path))
            #expect(await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: nil) }?.kind == .damaged)
            #expect(await issue { () throws(StorageIssue) in _ = try await storage.stream(key, range: nil) }?.kind == .damaged)
            #expect(await issue { () throws(StorageIssue) in _ = try await storage.size(key) }?.kind == .damaged)
        }
        try await storage.put(key, noise(10), contentType: "image/png")
        #expect(try await storage.size(key) == 10)
    }

    @Test func failedAndCancelledPutsLeaveNoFiles() async throws {
        let folder = try TestFolder()
        let storage = try DiskStorage(folder: folder.path + "/media")
        let key = try ObjectKey("a")
        let path = try folder.file("source", [])
        #expect(truncate(path, 200 << 20) == 0)
        let put = Task { try await storage.put(key, file: path, contentType: "video/mp4") }
        put.cancel()
        _ = await put.result
        _ = await issue { () throws(StorageIssue) in try await storage.put(key, file: folder.path, contentType: "video/mp4") }
        #expect(try await storage.get(key, range: nil) == nil)
        #expect(try files(below: folder.path + "/media") == [])
    }

    @Test func whatDiedHalfwayIsRemovedADayLater() throws {
        let folder = try TestFolder()
        let (ambient, clock) = Ambient.fixed(at: Ambient.live.now())
        _ = try DiskStorage(folder: folder.path, ambient: ambient)
        _ = try folder.file("incoming/half", noise(10))
        clock.advance(by: .seconds(23 * 3600))
        _ = try DiskStorage(folder: folder.path, ambient: ambient)
        #expect(try files(below: folder.path) == ["incoming/half"])
        clock.advance(by: .seconds(2 * 3600))
        _ = try DiskStorage(folder: folder.path, ambient: ambient)
        #expect(try files(below: folder.path) == [])
    }

    @Test func aFolderThatIsGoneIsNotAnEmptyOne() async throws {
        let folder = try TestFolder()
        let storage = try DiskStorage(folder: folder.path + "/media")
        let key = try ObjectKey("a")
        try await storage.put(key, [1], contentType: "image/png")
        try FileManager.default.moveItem(atPath: folder.path + "/media", toPath: folder.path + "/elsewhere")
        #expect(await issue { () throws(StorageIssue) in _ = try await storage.get(key, range: nil) }?.kind == .unavailable)
        #expect(
            await issue { () throws(StorageIssue) in try await storage.put(key, [1], contentType: "image/png") }?.kind
                == .unavailable)
        #expect(await issue { () throws(StorageIssue) in try await storage.check() }?.kind == .unavailable)
    }

    @Test func aFolderThatCannotBeMadeIsSaidWithItsName() throws {
        let folder = try TestFolder()
        let path = try folder.file("file", [1])
        let issue = #expect(throws: StorageIssue.self) { try DiskStorage(folder: path) }
        #expect(issue?.message.contains(path) ?? false, "\(issue?.message ?? "")")
    }

    @Test func aFileThatChangesWhileItIsPutIsNotKept() throws {
        let folder = try TestFolder()
        let path = try folder.file("source", noise(1_000))
        let source = try UploadSource(file: path)
        #expect(throws: Never.self) { try source.checkUnchanged() }
        #expect(truncate(path, 1_001) == 0)
        #expect(throws: StorageIssue.self) { try source.checkUnchanged() }
        #expect(truncate(path, 500) == 0)
        let issue = #expect(throws: StorageIssue.self) { try source.read(0..<1_000) }
        #expect(issue?.kind == .unreadableSource)
    }
}
