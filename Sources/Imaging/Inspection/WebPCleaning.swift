/// A WebP without metadata. libvips 8.14 writes an EXIF block of its own making into every WebP, told to or not.
enum WebPCleaning {
    static let pictureChunks: Set<String> = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"]
    /// Of the first chunk: profile, EXIF, XMP.
    private static let metadataFlags: UInt8 = 0x20 | 0x08 | 0x04

    /// Nil when the file ends within a chunk.
    static func clean(_ bytes: [UInt8]) -> [UInt8]? {
        let view = ByteView(bytes)
        var chunks: [UInt8] = []
        chunks.reserveCapacity(bytes.count)
        var offset = 12
        while let name = view.text(at: offset, count: 4), let length = view.littleEndian32(at: offset + 4) {
            let end = offset + 8 + length + length % 2
            guard end <= bytes.count else { return nil }
            if name == "VP8X", let flags = view[offset + 8] {
                chunks.append(contentsOf: bytes[offset..<offset + 8])
                chunks.append(flags & ~metadataFlags)
                chunks.append(contentsOf: bytes[offset + 9..<end])
            } else if pictureChunks.contains(name) {
                chunks.append(contentsOf: bytes[offset..<end])
            }
            offset = end
        }
        let size = UInt32(clamping: chunks.count + 4)
        let head = Array("RIFF".utf8) + [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: size >> $0) } + Array("WEBP".utf8)
        return head + chunks
    }
}
