/// Thrift's compact protocol, as far as Parquet's headers need it
/// (github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
struct CompactWriter {
    private(set) var bytes: [UInt8] = []
    /// The id of the struct's field that was written last; ids are written as differences.
    private var lastField: Int16 = 0
    private var outer: [Int16] = []

    private enum Wire: UInt8 {
        case boolTrue = 1
        case i32 = 5
        case i64 = 6
        case binary = 8
        case list = 9
        case structure = 12
    }

    mutating func varint(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func zigzag(_ number: Int64) { varint(UInt64(bitPattern: (number << 1) ^ (number >> 63))) }

    /// Fields are written in ascending order, with gaps under 16: always the short form.
    private mutating func header(_ field: Int16, _ wire: Wire) {
        bytes.append(UInt8(truncatingIfNeeded: field &- lastField) << 4 | wire.rawValue)
        lastField = field
    }

    mutating func i32(_ field: Int16, _ number: Int) {
        header(field, .i32)
        zigzag(Int64(number))
    }

    mutating func i64(_ field: Int16, _ number: Int64) {
        header(field, .i64)
        zigzag(number)
    }

    mutating func isTrue(_ field: Int16) { header(field, .boolTrue) }

    mutating func string(_ field: Int16, _ text: String) {
        header(field, .binary)
        binary(text)
    }

    private mutating func binary(_ text: String) {
        varint(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    mutating func structure(_ field: Int16, _ content: (inout CompactWriter) -> Void) {
        header(field, .structure)
        element(content)
    }

    mutating func list(_ field: Int16, ofStructures count: Int, _ content: (inout CompactWriter, Int) -> Void) {
        listHeader(field, count, .structure)
        for index in 0..<count { element { content(&$0, index) } }
    }

    mutating func list(_ field: Int16, of numbers: [Int]) {
        listHeader(field, numbers.count, .i32)
        for number in numbers { zigzag(Int64(number)) }
    }

    mutating func list(_ field: Int16, of texts: [String]) {
        listHeader(field, texts.count, .binary)
        for text in texts { binary(text) }
    }

    private mutating func listHeader(_ field: Int16, _ count: Int, _ wire: Wire) {
        header(field, .list)
        if count < 15 {
            bytes.append(UInt8(count) << 4 | wire.rawValue)
        } else {
            bytes.append(0xF0 | wire.rawValue)
            varint(UInt64(count))
        }
    }

    /// A struct without a field header: the whole message, or an element of a list.
    mutating func element(_ content: (inout CompactWriter) -> Void) {
        outer.append(lastField)
        lastField = 0
        content(&self)
        bytes.append(0)
        lastField = outer.popLast() ?? 0
    }
}
