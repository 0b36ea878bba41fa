import Core

/// The records of a ZIP archive (PKWARE APPNOTE 6.3): stored entries, names in UTF-8, ZIP64 where an archive outgrows 4 GiB or
/// 65,534 entries. Pure.
enum ZIPLayout {
    /// One entry, as the directory at the end lists it.
    struct Entry: Sendable, Hashable {
        var name: String
        /// MS-DOS time and date.
        var time: UInt16
        var date: UInt16
        var checksum: UInt32 = 0
        var size: UInt32 = 0
        var offset: UInt64
    }

    /// What an entry may have: sizes are patched into its header, which has 32 bits for them.
    static let largestEntry = Int(UInt32.max) - 1
    /// Where the checksum and the two sizes are in a local header.
    static let checksumPlace: UInt64 = 14

    static func time(_ instant: Instant) -> (time: UInt16, date: UInt16) {
        let text = Array(instant.description.utf8)
        func number(_ place: Int, _ count: Int) -> UInt16 {
            text.dropFirst(place).prefix(count).reduce(0) { $0 &* 10 &+ UInt16($1 &- 48) }
        }
        let years = max(number(0, 4), 1980) - 1980
        return (
            number(11, 2) << 11 | number(14, 2) << 5 | number(17, 2) / 2,
            min(years, 127) << 9 | number(5, 2) << 5 | number(8, 2)
        )
    }

    static func header(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(little: UInt32(0x0403_4b50))
        bytes.append(little: UInt16(20))
        common(entry, to: &bytes)
        bytes.append(little: UInt16(0))
        bytes += entry.name.utf8
        return bytes
    }

    /// What is patched into the header once the entry is whole.
    static func sums(_ entry: Entry) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(little: entry.checksum)
        bytes.append(little: entry.size)
        bytes.append(little: entry.size)
        return bytes
    }

    /// Flags to name length: the same in both places.
    private static func common(_ entry: Entry, to bytes: inout [UInt8]) {
        bytes.append(little: UInt16(0x0800))
        bytes.append(little: UInt16(0))
        bytes.append(little: entry.time)
        bytes.append(little: entry.date)
        bytes += sums(entry)
        bytes.append(little: UInt16(clamping: entry.name.utf8.count))
    }

    static func directoryRecord(_ entry: Entry) -> [UInt8] {
        let isFar = entry.offset >= UInt64(UInt32.max)
        var bytes: [UInt8] = []
        bytes.append(little: UInt32(0x0201_4b50))
        // Made on Unix, so that the permissions count.
        bytes.append(little: UInt16(3 << 8 | 45))
        bytes.append(little: UInt16(isFar ? 45 : 20))
        common(entry, to: &bytes)
        bytes.append(little: UInt16(isFar ? 12 : 0))
        for _ in 0..<3 { bytes.append(little: UInt16(0)) }
        bytes.append(little: UInt32(0o100600) << 16)
        bytes.append(little: UInt32(clamping: entry.offset))
        bytes += entry.name.utf8
        if isFar {
            bytes.append(little: UInt16(1))
            bytes.append(little: UInt16(8))
            bytes.append(little: entry.offset)
        }
        return bytes
    }

    /// What ends the archive.
    static func end(entries: Int, directoryAt offset: UInt64, size: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        let isLarge = entries >= 0xFFFF || offset >= UInt64(UInt32.max) || size >= UInt64(UInt32.max)
        if isLarge {
            bytes.append(little: UInt32(0x0606_4b50))
            bytes.append(little: UInt64(44))
            bytes.append(little: UInt16(45))
            bytes.append(little: UInt16(45))
            bytes.append(little: UInt64(0))
            for value in [UInt64(clamping: entries), UInt64(clamping: entries), size, offset] { bytes.append(little: value) }
            bytes.append(little: UInt32(0x0706_4b50))
            bytes.append(little: UInt32(0))
            bytes.append(little: offset &+ size)
            bytes.append(little: UInt32(1))
        }
        bytes.append(little: UInt32(0x0605_4b50))
        bytes.append(little: UInt32(0))
        bytes.append(little: UInt16(clamping: entries))
        bytes.append(little: UInt16(clamping: entries))
        bytes.append(little: UInt32(clamping: size))
        bytes.append(little: UInt32(clamping: offset))
        bytes.append(little: UInt16(0))
        return bytes
    }
}

extension [UInt8] {
    fileprivate mutating func append(little value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
    }
}
