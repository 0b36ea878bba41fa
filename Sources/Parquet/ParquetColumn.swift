/// A column of a Parquet file: its name and what its values are. Every column may hold nulls.
package struct ParquetColumn: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case int64
        case double
        /// UTF-8 text.
        case string
        /// Milliseconds since 1970, UTC.
        case timestamp
    }

    package let name: String
    package let kind: Kind

    package init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }
}

/// One value of a row. A value of another kind than its column's is written as null.
package enum ParquetValue: Sendable, Hashable {
    case null
    case int64(Int64)
    case double(Double)
    case string(String)
    /// Milliseconds since 1970.
    case timestamp(Int64)
}

/// A column's values of one row group, as they are written: definition levels and PLAIN values.
struct ColumnChunk {
    private let kind: ParquetColumn.Kind
    private var levels: [UInt8] = []
    private var values: [UInt8] = []
    private(set) var count = 0
    private(set) var nulls = 0

    init(_ kind: ParquetColumn.Kind) { self.kind = kind }

    var byteCount: Int { values.count + levels.count }

    mutating func append(_ value: ParquetValue) {
        let isPresent = write(value)
        if count.isMultiple(of: 8) { levels.append(0) }
        if isPresent { levels[count / 8] |= 1 << UInt8(count % 8) } else { nulls += 1 }
        count += 1
    }

    private mutating func write(_ value: ParquetValue) -> Bool {
        switch (kind, value) {
        case (.int64, .int64(let number)), (.timestamp, .timestamp(let number)):
            values.appendLittleEndian(UInt64(bitPattern: number))
        case (.double, .double(let number)):
            values.appendLittleEndian(number.bitPattern)
        case (.string, .string(let text)):
            values.appendLittleEndian(UInt32(truncatingIfNeeded: text.utf8.count))
            values.append(contentsOf: text.utf8)
        default:
            return false
        }
        return true
    }

    /// A data page's content (version 1): the levels as one bit-packed run with its length before it, then the values.
    var page: [UInt8] {
        var run = CompactWriter()
        run.varint(UInt64(levels.count) << 1 | 1)
        var page: [UInt8] = []
        page.reserveCapacity(byteCount + 16)
        page.appendLittleEndian(UInt32(truncatingIfNeeded: run.bytes.count + levels.count))
        page += run.bytes
        page += levels
        page += values
        return page
    }
}

extension [UInt8] {
    mutating func appendLittleEndian(_ number: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: number.littleEndian) { append(contentsOf: $0) }
    }
}
