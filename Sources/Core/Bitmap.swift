/// A decoded picture: rows from top to bottom, four bytes for each pixel (red, green, blue, alpha), sRGB, colours not
/// multiplied by alpha. Nothing has to be parsed any more, so it may come from where hostile bytes were decoded.
package struct Bitmap: Hashable, Sendable {
    package let width: Int
    package let height: Int
    /// `width * height * 4` of them.
    package let pixels: [UInt8]

    /// Nil when there is no pixel, or another number of bytes than the size says.
    package init?(width: Int, height: Int, pixels: [UInt8]) {
        guard (1...Self.longestSide).contains(width), (1...Self.longestSide).contains(height),
            pixels.count == width * height * 4
        else { return nil }
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// 16 million pixels at most, 64 MB.
    package static let longestSide = 4_096
}
