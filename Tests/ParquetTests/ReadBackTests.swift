import Foundation
import Parquet
import Testing

/// pyarrow reads what we write.
@Suite struct ReadBackTests {
    private static let python =
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
        + "/.build/venv/bin/python"
    /// False where `script/bootstrap --test` was not run.
    private static let isInstalled = FileManager.default.isExecutableFile(atPath: python)

    private static let script = """
        import pyarrow.parquet as parquet, sys
        file = parquet.ParquetFile(sys.argv[1])
        print([str(field.type) for field in file.schema_arrow], file.num_row_groups, file.metadata.created_by)
        for row in file.read().to_pylist():
            at = row["at"] and int(row["at"].timestamp() * 1000 + (0.5 if row["at"].timestamp() >= 0 else -0.5))
            print(repr((row["text"], row["count"], row["rate"], at)))
        """

    /// Nulls in every column, text beyond ASCII, several row groups, numbers at their ends.
    @Test(.enabled(if: isInstalled)) func everythingComesBack() throws {
        var writer = ParquetWriter(
            [
                ParquetColumn("text", .string), ParquetColumn("count", .int64), ParquetColumn("rate", .double),
                ParquetColumn("at", .timestamp),
            ], rowsPerGroup: 100)
        var bytes: [UInt8] = []
        var expected: [String] = []
        for row in 0..<1_037 {
            let text: String? = row % 3 == 0 ? nil : row % 5 == 0 ? "" : "Grüße, 日本 \(row)"
            let count: Int64? = row % 7 == 0 ? nil : row == 8 ? .min : row == 9 ? .max : Int64(row) * 1_000_003
            let rate: Double? = row % 2 == 0 ? nil : Double(row) + 0.5
            let at: Int64? = row % 11 == 0 ? nil : 1_770_114_600_123 + Int64(row)
            bytes += writer.add([
                text.map { .string($0) } ?? .null, count.map { .int64($0) } ?? .null, rate.map { .double($0) } ?? .null,
                at.map { .timestamp($0) } ?? .null,
            ])
            let parts = [
                text.map { "'\($0)'" }, count.map { "\($0)" }, rate.map { "\($0)" }, at.map { "\($0)" },
            ].map { $0 ?? "None" }
            expected.append("(" + parts.joined(separator: ", ") + ")")
        }
        bytes += writer.finish()
        let lines = try Self.read(bytes)
        #expect(lines.first == "['string', 'int64', 'double', 'timestamp[ms, tz=UTC]'] 11 audenci")
        #expect(Array(lines.dropFirst()) == expected)
    }

    private static func read(_ bytes: [UInt8]) throws -> [String] {
        let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).parquet"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", script, path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init)
    }
}
