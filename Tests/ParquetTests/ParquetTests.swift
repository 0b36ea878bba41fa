import Testing

@testable import Parquet

/// That other programs read these files is shown with pyarrow in `Tests/EndToEnd/test_parquet.py`; here is what the bytes are.
@Suite struct ParquetTests {
    private static let columns = [
        ParquetColumn("id", .string), ParquetColumn("likes", .int64), ParquetColumn("rate", .double),
        ParquetColumn("at", .timestamp),
    ]

    @Test func aFileWithoutRowsIsStillAFile() {
        var writer = ParquetWriter(Self.columns)
        let file = writer.finish()
        #expect(file.prefix(4) == Array("PAR1".utf8)[...])
        #expect(file.suffix(4) == Array("PAR1".utf8)[...])
        let length = file.dropLast(4).suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length == file.count - 12)
    }

    @Test func rowGroupsEndByRowsAndByBytes() {
        var byRows = ParquetWriter(Self.columns, rowsPerGroup: 3)
        var byBytes = ParquetWriter(Self.columns, bytesPerGroup: 100)
        var flushes = (0, 0)
        for row in 0..<10 {
            let values: [ParquetValue] = [.string(String(repeating: "x", count: 60)), .int64(Int64(row)), .null, .timestamp(0)]
            if !byRows.add(values).isEmpty { flushes.0 += 1 }
            if !byBytes.add(values).isEmpty { flushes.1 += 1 }
        }
        #expect(flushes.0 == 3)
        #expect(flushes.1 == 5)
    }

    @Test func nullsAreMarkedAndTakeNoPlaceAmongTheValues() {
        var chunk = ColumnChunk(.int64)
        for value: ParquetValue in [.int64(1), .null, .int64(-1), .string("no number")] { chunk.append(value) }
        #expect(chunk.nulls == 2)
        // Length 2: one run header (1 group of 8 levels, bit-packed) and the levels 1, 0, 1, 0.
        let minusOne = [UInt8](repeating: 255, count: 8)
        #expect(chunk.page == [2, 0, 0, 0, 3, 0b101, 1, 0, 0, 0, 0, 0, 0, 0] + minusOne)
    }

    @Test func thriftsShortFormsAreUsed() {
        var writer = CompactWriter()
        writer.element { message in
            message.i32(1, -1)
            message.i64(3, 300)
            message.list(4, of: ["a"])
            message.isTrue(9)
            message.structure(10) { $0.string(1, "é") }
        }
        #expect(writer.bytes == [0x15, 1, 0x26, 0xD8, 0x04, 0x19, 0x18, 1, 0x61, 0x51, 0x1C, 0x18, 2, 0xC3, 0xA9, 0, 0])
    }
}
