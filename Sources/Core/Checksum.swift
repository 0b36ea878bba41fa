/// CRC-32 (IEEE 802.3) of bytes, as in zip and PNG.
package func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
    var sum = CRC32()
    sum.add(bytes)
    return sum.value
}

/// The same of bytes that come in pieces.
package struct CRC32: Sendable {
    private var state = ~UInt32(0)

    package init() {}

    package var value: UInt32 { ~state }

    package mutating func add(_ bytes: some Sequence<UInt8>) {
        state = bytes.reduce(state) { crc, byte in crcTable[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8) }
    }
}

private let crcTable: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
}

/// The characters `0-9A-Za-z`.
package enum Base62 {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// `count` characters drawn without bias: bytes past the last whole multiple of 62 are drawn again.
    package static func random(_ count: Int, _ ambient: Ambient) -> String {
        var characters: [UInt8] = []
        while characters.count < count {
            for byte in ambient.randomBytes(count) where byte < 248 && characters.count < count {
                characters.append(alphabet[Int(byte) % 62])
            }
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// `value` in base 62, padded with zeros to `width` characters.
    package static func encode(_ value: UInt32, width: Int) -> String {
        var rest = value
        var characters = [UInt8](repeating: alphabet[0], count: width)
        for index in stride(from: width - 1, through: 0, by: -1) {
            characters[index] = alphabet[Int(rest % 62)]
            rest /= 62
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
