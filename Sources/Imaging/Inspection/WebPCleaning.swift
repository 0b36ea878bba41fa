/// A WebP without metadata, its pixels as they are.
///
/// For uploads, and for what was just written: libvips 8.14 writes an EXIF block of its own making into every WebP, told to or not.
enum WebPCleaning {
    static let pictureChunks: Set<String> = ["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF"]
    /// Of the first chunk: profile, EXIF, XMP.
    private static let metadataFlags: UInt8 = 0x20 | 0x08 | 0x04

    private static let frameChunks: Set<String> = ["VP8 ", "VP8L", "ALPH"]

    /// Nil when the file ends within a chunk.
    static func clean(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count >= 12, let chunks = chunks(ByteView(bytes), 12..<bytes.count, keeping: pictureChunks) else {
            return nil
        }
        return Array("RIFF".utf8) + size(chunks.count + 4) + Array("WEBP".utf8) + chunks
    }

    private static func chunks(_ view: ByteView, _ range: Range<Int>, keeping kept: Set<String>) -> [UInt8]? {
        var out: [UInt8] = []
        var offset = range.lowerBound
        while offset < range.upperBound, let name = view.text(at: offset, count: 4),
            let length = view.littleEndian32(at: offset + 4)
        {
            let end = offset + 8 + length + length % 2
            guard end <= range.upperBound else { return nil }
            defer { offset = end }
            guard kept.contains(name) else { continue }
            if name == "VP8X" {
                guard length == 10, let flags = view[offset + 8] else { return nil }
                out.append(contentsOf: view.bytes[offset..<offset + 8])
                out.append(flags & ~metadataFlags)
                out.append(contentsOf: view.bytes[offset + 9..<end])
            } else if name == "ANMF" {
                // Place, size and time of the frame, then chunks again.
                guard length >= 16, let inner = chunks(view, offset + 24..<end, keeping: frameChunks) else { return nil }
                out.append(contentsOf: Array(name.utf8) + size(inner.count + 16) + view.bytes[offset + 8..<offset + 24])
                out.append(contentsOf: inner)
            } else {
                out.append(contentsOf: view.bytes[offset..<end])
            }
        }
        return out
    }

    private static func size(_ count: Int) -> [UInt8] {
        let count = UInt32(clamping: count)
        return [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: count >> $0) }
    }
}
