/// Writes an Apache Parquet file piece by piece, in memory that does not grow with the file: PLAIN values, uncompressed, one
/// page per column and row group. What it writes is read by pyarrow in the tests.
///
/// ```swift
/// var writer = ParquetWriter([ParquetColumn("postId", .string), ParquetColumn("likes", .int64)])
/// try await send(writer.add([.string("clx123abc"), .int64(96)]))
/// try await send(writer.finish())
/// ```
package struct ParquetWriter: Sendable {
    private struct Group: Sendable {
        var rows: Int
        var chunks: [(offset: Int64, bytes: Int64, nulls: Int)]
    }

    private static let magic = Array("PAR1".utf8)

    private let columns: [ParquetColumn]
    private let rowsPerGroup: Int
    private let bytesPerGroup: Int
    private var chunks: [ColumnChunk]
    private var groups: [Group] = []
    /// Bytes handed out so far.
    private var offset: Int64 = 0

    /// - Parameters:
    ///   - rowsPerGroup: a row group ends after so many rows;
    ///   - bytesPerGroup: or so many bytes, whichever comes first. This bounds the memory.
    package init(_ columns: [ParquetColumn], rowsPerGroup: Int = 20_000, bytesPerGroup: Int = 8_388_608) {
        self.columns = columns
        self.rowsPerGroup = max(rowsPerGroup, 1)
        self.bytesPerGroup = bytesPerGroup
        chunks = columns.map { ColumnChunk($0.kind) }
    }

    /// Takes one row; missing values at its end are null.
    /// - Returns: what has to be written to the file now; usually nothing.
    package mutating func add(_ row: [ParquetValue]) -> [UInt8] {
        for index in chunks.indices { chunks[index].append(index < row.count ? row[index] : .null) }
        let bytes = chunks.reduce(0) { $0 + $1.byteCount }
        guard (chunks.first?.count ?? 0) >= rowsPerGroup || bytes >= bytesPerGroup else { return [] }
        return endGroup()
    }

    /// The end of the file. Nothing may be added after it.
    package mutating func finish() -> [UInt8] {
        var bytes = endGroup()
        if groups.isEmpty { bytes = take(Self.magic) }
        let footer = footer()
        bytes += footer
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: footer.count))
        return bytes + Self.magic
    }

    private mutating func take(_ bytes: [UInt8]) -> [UInt8] {
        offset += Int64(bytes.count)
        return bytes
    }

    private mutating func endGroup() -> [UInt8] {
        guard let rows = chunks.first?.count, rows > 0 else { return [] }
        var bytes = groups.isEmpty ? take(Self.magic) : []
        var group = Group(rows: rows, chunks: [])
        for chunk in chunks {
            let page = chunk.page
            let start = offset
            bytes += take(Self.pageHeader(rows: rows, bytes: page.count))
            bytes += take(page)
            group.chunks.append((start, offset - start, chunk.nulls))
        }
        groups.append(group)
        chunks = columns.map { ColumnChunk($0.kind) }
        return bytes
    }

    // Field numbers and enums below are those of parquet.thrift (github.com/apache/parquet-format).

    private static func pageHeader(rows: Int, bytes: Int) -> [UInt8] {
        var writer = CompactWriter()
        writer.element { header in
            header.i32(1, 0)  // DATA_PAGE
            header.i32(2, bytes)
            header.i32(3, bytes)
            header.structure(5) { page in
                page.i32(1, rows)
                page.i32(2, 0)  // PLAIN
                page.i32(3, 3)  // definition levels: RLE
                page.i32(4, 3)  // repetition levels: RLE
            }
        }
        return writer.bytes
    }

    private func footer() -> [UInt8] {
        var writer = CompactWriter()
        writer.element { file in
            file.i32(1, 1)
            file.list(2, ofStructures: columns.count + 1) { schema, index in
                if index == 0 {
                    Self.writeRoot(columns.count, to: &schema)
                } else {
                    Self.write(columns[index - 1], to: &schema)
                }
            }
            file.i64(3, groups.reduce(0) { $0 + Int64($1.rows) })
            file.list(4, ofStructures: groups.count) { write(groups[$1], to: &$0) }
            file.string(6, "audenci")
        }
        return writer.bytes
    }

    private static func writeRoot(_ children: Int, to schema: inout CompactWriter) {
        schema.string(4, "schema")
        schema.i32(5, children)
    }

    private static func write(_ column: ParquetColumn, to schema: inout CompactWriter) {
        schema.i32(1, column.kind.physicalType)
        schema.i32(3, 1)  // OPTIONAL
        schema.string(4, column.name)
        switch column.kind {
        case .int64, .double: break
        case .string:
            schema.i32(6, 0)  // UTF8
            schema.structure(10) { $0.structure(1) { _ in } }
        case .timestamp:
            schema.i32(6, 9)  // TIMESTAMP_MILLIS
            schema.structure(10) { logical in
                logical.structure(8) { timestamp in
                    timestamp.isTrue(1)  // adjusted to UTC
                    timestamp.structure(2) { unit in unit.structure(1) { _ in } }
                }
            }
        }
    }

    private func write(_ group: Group, to writer: inout CompactWriter) {
        writer.list(1, ofStructures: columns.count) { chunk, index in
            let place = group.chunks[index]
            chunk.i64(2, place.offset)
            chunk.structure(3) { meta in
                meta.i32(1, columns[index].kind.physicalType)
                meta.list(2, of: [0, 3])  // PLAIN, RLE
                meta.list(3, of: [columns[index].name])
                meta.i32(4, 0)  // UNCOMPRESSED
                meta.i64(5, Int64(group.rows))
                meta.i64(6, place.bytes)
                meta.i64(7, place.bytes)
                meta.i64(9, place.offset)
                meta.structure(12) { $0.i64(3, Int64(place.nulls)) }
            }
        }
        writer.i64(2, group.chunks.reduce(0) { $0 + $1.bytes })
        writer.i64(3, Int64(group.rows))
    }
}

extension ParquetColumn.Kind {
    fileprivate var physicalType: Int {
        switch self {
        case .int64, .timestamp: 2
        case .double: 5
        case .string: 6
        }
    }
}
