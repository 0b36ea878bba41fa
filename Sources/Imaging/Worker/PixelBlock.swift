import Core

/// How a worker hands over pixels: width and height, four bytes each with the highest first, then the bitmap's bytes. There
/// is nothing in it that a decoder would have to make sense of.
enum PixelBlock {
    private static let headLength = 8

    /// Whether bitmaps of that size are handed over.
    static func canHold(_ box: PixelSize) -> Bool {
        (1...Bitmap.longestSide).contains(box.width) && (1...Bitmap.longestSide).contains(box.height)
    }

    static func encode(_ size: PixelSize, _ pixels: [UInt8]) -> [UInt8] {
        let numbers = [UInt32(clamping: size.width), UInt32(clamping: size.height)]
        return numbers.flatMap { number in stride(from: 24, through: 0, by: -8).map { UInt8(number >> UInt32($0) & 0xFF) } }
            + pixels
    }

    /// Nil for anything but a whole bitmap within the box.
    static func decode(_ bytes: [UInt8], within box: PixelSize) -> Bitmap? {
        guard bytes.count > headLength else { return nil }
        func number(at offset: Int) -> Int { bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        let (width, height) = (number(at: 0), number(at: 4))
        guard width <= box.width, height <= box.height else { return nil }
        return Bitmap(width: width, height: height, pixels: Array(bytes[headLength...]))
    }
}
