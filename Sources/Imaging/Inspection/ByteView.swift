/// Bytes that answer nil beyond their end, so that reading a hostile header cannot trap.
struct ByteView {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    subscript(_ offset: Int) -> UInt8? { offset >= 0 && offset < bytes.count ? bytes[offset] : nil }

    func bigEndian16(at offset: Int) -> Int? { number(at: offset, count: 2) }
    func bigEndian32(at offset: Int) -> Int? { number(at: offset, count: 4) }
    func littleEndian16(at offset: Int) -> Int? { number(at: offset, count: 2, isLittleEndian: true) }
    func littleEndian24(at offset: Int) -> Int? { number(at: offset, count: 3, isLittleEndian: true) }
    func littleEndian32(at offset: Int) -> Int? { number(at: offset, count: 4, isLittleEndian: true) }

    func matches(_ expected: [UInt8], at offset: Int) -> Bool {
        guard contains(offset, expected.count) else { return false }
        return expected.indices.allSatisfy { bytes[offset + $0] == expected[$0] }
    }

    func matches(_ ascii: String, at offset: Int) -> Bool { matches(Array(ascii.utf8), at: offset) }

    /// Nil when the bytes are not there or not printable ASCII.
    func text(at offset: Int, count: Int) -> String? {
        guard contains(offset, count) else { return nil }
        let slice = bytes[offset..<offset + count]
        guard slice.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        return String(decoding: slice, as: UTF8.self)
    }

    private func contains(_ offset: Int, _ count: Int) -> Bool {
        offset >= 0 && count >= 0 && offset <= bytes.count && count <= bytes.count - offset
    }

    private func number(at offset: Int, count: Int, isLittleEndian: Bool = false) -> Int? {
        guard contains(offset, count) else { return nil }
        var value = 0
        for index in 0..<count {
            value = value << 8 | Int(bytes[isLittleEndian ? offset + count - 1 - index : offset + index])
        }
        return value
    }
}
