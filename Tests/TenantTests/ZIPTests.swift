import Core
import Foundation
import Testing

@testable import Features

/// Archives as other programs read them.
@Suite struct ZIPTests {
    /// A file in memory that can be written to disk.
    private actor MemoryFile: ExportFile {
        private(set) var bytes: [UInt8] = []
        private(set) var isFinished = false
        func append(_ more: [UInt8]) { bytes += more }
        func overwrite(_ more: [UInt8], at place: UInt64) {
            bytes.replaceSubrange(Int(place)..<Int(place) + more.count, with: more)
        }
        func finish() { isFinished = true }
    }

    private func read(_ bytes: [UInt8], _ script: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.path + "/audenci-\(UUID().uuidString).zip"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\n" + script, path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }

    @Test func anotherProgramReadsWhatWasWritten() async throws {
        let file = MemoryFile()
        let zip = ZIPWriter(to: file, at: try #require(Instant(iso8601: "2026-03-08T09:41:22Z")))
        try await zip.add("README.txt", Array("Hello".utf8))
        try await zip.begin("data/grüße.ndjson")
        for number in 0..<1000 { try await zip.write(Array("{\"n\":\(number)}\n".utf8)) }
        try await zip.end()
        try await zip.add("empty", [])
        let size = try await zip.finish()
        let bytes = await file.bytes
        let isFinished = await file.isFinished
        #expect(Int(size) == bytes.count && isFinished)
        let script = """
            print(z.testzip(), [i.filename for i in z.infolist()], z.infolist()[0].date_time, len(z.read('data/grüße.ndjson').splitlines()))
            """
        let text = try read(bytes, script)
        #expect(text == "None ['README.txt', 'data/grüße.ndjson', 'empty'] (2026, 3, 8, 9, 41, 22) 1000\n")
    }

    @Test func manyEntriesNeedTheLargerRecords() async throws {
        let file = MemoryFile()
        let zip = ZIPWriter(to: file, at: Instant(seconds: 1_770_000_000))
        for number in 0..<66_000 { try await zip.add("\(number)", []) }
        _ = try await zip.finish()
        let text = try read(await file.bytes, "print(len(z.namelist()), z.namelist()[-1], z.testzip())")
        #expect(text == "66000 65999 None\n")
    }

    @Test func anArchiveThatBrokeOffDoesNotOpen() async throws {
        let file = MemoryFile()
        let zip = ZIPWriter(to: file, at: Instant(seconds: 1_770_000_000))
        try await zip.add("a", Array("Hello".utf8))
        let half = await file.bytes
        let path = FileManager.default.temporaryDirectory.path + "/audenci-\(UUID().uuidString).zip"
        try Data(half).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", "import sys, zipfile; sys.exit(zipfile.is_zipfile(sys.argv[1]))", path]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test func whatLiesFarBehindHasALongAddress() {
        let far = ZIPLayout.Entry(name: "x", time: 0, date: 33, offset: 5_000_000_000)
        let record = ZIPLayout.directoryRecord(far)
        #expect(record.count == 46 + 1 + 12)
        #expect(Array(record[42..<46]) == [0xFF, 0xFF, 0xFF, 0xFF])
        let address = record.suffix(8).enumerated().reduce(UInt64(0)) { $0 | UInt64($1.element) << (8 * UInt64($1.offset)) }
        #expect(address == 5_000_000_000)
        #expect(ZIPLayout.end(entries: 1, directoryAt: 5_000_000_000, size: 59).count == 56 + 20 + 22)
        #expect(ZIPLayout.end(entries: 1, directoryAt: 100, size: 59).count == 22)
    }

    @Test(arguments: [
        ("sale.png", "sale.png"), ("../x", ".._x"), ("..", "file"), ("", "file"), ("a\u{0}b\\c", "a_b_c"),
        ("grüße.png", "grüße.png"),
    ])
    func namesLeadNowhere(_ name: String, _ safe: String) {
        #expect(DataExportStore.safeName(name) == safe)
    }
}
