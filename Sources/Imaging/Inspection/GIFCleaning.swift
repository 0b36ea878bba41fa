/// A GIF without what is not picture: comments, texts, profiles, XMP, data of programs, bytes after its end.
///
/// The pixels stay as they are. Encoding an animation again would cost colours (each frame's palette is made anew) and
/// minutes; a GIF has neither orientation nor GPS that would have to be applied.
enum GIFCleaning {
    static func clean(_ bytes: [UInt8]) throws(ImageIssue) -> [UInt8] {
        var blocks = GIFBlocks(ByteView(bytes))
        var cleaned: [UInt8] = []
        cleaned.reserveCapacity(bytes.count)
        while true {
            switch try blocks.next() {
            case .header(let range), .graphicControl(let range, _), .loop(let range), .image(let range):
                cleaned.append(contentsOf: bytes[range])
            case .other: break
            case .trailer:
                cleaned.append(0x3B)
                return cleaned
            }
        }
    }
}
