import Core

/// Files made byte by byte, so that tests know what is in them.
enum Samples {
    static func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }
    static func big32(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    static func big16(_ value: Int) -> [UInt8] { big32(value).suffix(2) }
    static func little32(_ value: Int) -> [UInt8] { big32(value).reversed() }
    static func little16(_ value: Int) -> [UInt8] { big16(value).reversed() }

    /// A PNG of 8-bit pixels as `color` gives them (0xAARRGGBB), stored without compression.
    static func png(
        _ width: Int, _ height: Int, hasAlpha: Bool = false, extra: [UInt8] = [], color: (_ x: Int, _ y: Int) -> UInt32
    ) -> [UInt8] {
        var rows: [UInt8] = []
        for y in 0..<height {
            rows.append(0)
            for x in 0..<width {
                let pixel = color(x, y)
                rows += [16, 8, 0].map { UInt8(truncatingIfNeeded: pixel >> $0) }
                if hasAlpha { rows.append(UInt8(truncatingIfNeeded: pixel >> 24)) }
            }
        }
        return pngHeader(width, height, hasAlpha: hasAlpha) + extra + chunk("IDAT", zlib(rows)) + chunk("IEND", [])
    }

    static func pngHeader(_ width: Int, _ height: Int, hasAlpha: Bool = false) -> [UInt8] {
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
            + chunk("IHDR", big32(width) + big32(height) + [8, hasAlpha ? 6 : 2, 0, 0, 0])
    }

    static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
        big32(content.count) + ascii(name) + content + big32(Int(crc32(ascii(name) + content)))
    }

    /// Stored blocks only.
    static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        var out: [UInt8] = [0x78, 0x01]
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(65_535)
            rest = rest.dropFirst(part.count)
            out += [rest.isEmpty ? 1 : 0] + little16(part.count) + little16(part.count ^ 0xFFFF) + part
        } while !rest.isEmpty
        var (low, high) = (1, 0)
        for byte in bytes {
            low = (low + Int(byte)) % 65_521
            high = (high + low) % 65_521
        }
        return out + big32(high << 16 | low)
    }

    /// Four quarters: red and green above, blue and white below.
    static func quarters(_ width: Int, _ height: Int, extra: [UInt8] = []) -> [UInt8] {
        png(width, height, extra: extra) { x, y in
            switch (x < width / 2, y < height / 2) {
            case (true, true): 0xFF_FF0000
            case (false, true): 0xFF_00FF00
            case (true, false): 0xFF_0000FF
            case (false, false): 0xFF_FFFFFF
            }
        }
    }

    /// A GIF of full frames, each of one colour of a palette of four: black, red, green, blue; `extra` before the first.
    static func gif(_ width: Int, _ height: Int, frames: [UInt8], isTransparent: Bool = false, extra: [UInt8] = []) -> [UInt8] {
        let palette: [UInt8] = [0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255]
        var out = ascii("GIF89a") + little16(width) + little16(height) + [0x81, 0, 0] + palette
        out += [0x21, 0xFF, 11] + ascii("NETSCAPE2.0") + [3, 1, 0, 0, 0] + extra
        for frame in frames {
            out += [0x21, 0xF9, 4, isTransparent ? 1 : 0, 10, 0, 0, 0]
            out += [0x2C] + little16(0) + little16(0) + little16(width) + little16(height) + [0, 2]
            var bits = BitString()
            for _ in 0..<(width * height) {
                // A clear code before every pixel keeps codes at three bits.
                bits.append(4, count: 3)
                bits.append(Int(frame), count: 3)
            }
            bits.append(5, count: 3)
            var rest = bits.bytes[...]
            while !rest.isEmpty {
                let part = rest.prefix(255)
                out += [UInt8(part.count)] + part
                rest = rest.dropFirst(part.count)
            }
            out.append(0)
        }
        return out + [0x3B]
    }

    private struct BitString {
        var bytes: [UInt8] = []
        private var used = 8
        mutating func append(_ value: Int, count: Int) {
            for bit in 0..<count {
                if used == 8 {
                    bytes.append(0)
                    used = 0
                }
                bytes[bytes.count - 1] |= UInt8((value >> bit) & 1) << used
                used += 1
            }
        }
    }
}
