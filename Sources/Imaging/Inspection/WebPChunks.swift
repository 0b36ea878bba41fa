/// A WebP's chunks: size and alpha from the first, frames counted.
enum WebPChunks {
    static func read(_ view: ByteView, frameLimit: Int) throws(ImageIssue) -> ImageFacts {
        guard let name = view.text(at: 12, count: 4), let length = view.littleEndian32(at: 16) else { throw truncated }
        switch name {
        case "VP8 ": return try lossy(view)
        case "VP8L": return try lossless(view)
        case "VP8X": return try extended(view, length: length, frameLimit: frameLimit)
        default: throw .damaged("the WebP begins with an unknown chunk")
        }
    }

    /// Whether pixels are stored exactly; such a picture is written exactly again.
    static func isLossless(_ bytes: [UInt8]) -> Bool {
        let view = ByteView(bytes)
        var offset = 12
        while let name = view.text(at: offset, count: 4), let length = view.littleEndian32(at: offset + 4) {
            if name == "VP8L" { return true }
            if name == "VP8 " { return false }
            // Frames hold chunks of their own, after 16 bytes.
            offset += name == "ANMF" ? 24 : 8 + length + length % 2
        }
        return false
    }

    /// A key frame: three bytes of flags, the start code, 14 bits of width and of height.
    private static func lossy(_ view: ByteView) throws(ImageIssue) -> ImageFacts {
        guard let width = view.littleEndian16(at: 26), let height = view.littleEndian16(at: 28) else { throw truncated }
        guard view.matches([0x9D, 0x01, 0x2A], at: 23) else { throw .damaged("the WebP has no key frame") }
        return facts(width & 0x3FFF, height & 0x3FFF, frames: 1, hasAlpha: false)
    }

    /// A signature byte, then 14 bits of width less one, 14 of height less one, 1 of alpha.
    private static func lossless(_ view: ByteView) throws(ImageIssue) -> ImageFacts {
        guard let bits = view.littleEndian32(at: 21) else { throw truncated }
        guard view[20] == 0x2F else { throw .damaged("the lossless WebP has no signature") }
        return facts((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1, frames: 1, hasAlpha: (bits >> 28) & 1 == 1)
    }

    private static func extended(_ view: ByteView, length: Int, frameLimit: Int) throws(ImageIssue) -> ImageFacts {
        guard let flags = view[20], let width = view.littleEndian24(at: 24), let height = view.littleEndian24(at: 27) else {
            throw truncated
        }
        var frames = 0
        var offset = 20 + length + length % 2
        while frames <= frameLimit, let name = view.text(at: offset, count: 4), let length = view.littleEndian32(at: offset + 4)
        {
            if name == "ANMF" { frames += 1 }
            offset += 8 + length + length % 2
        }
        let isAnimation = flags & 0x02 != 0
        if isAnimation, frames == 0 { throw .damaged("the WebP is an animation without frames") }
        return facts(width + 1, height + 1, frames: isAnimation ? frames : 1, hasAlpha: flags & 0x10 != 0)
    }

    private static func facts(_ width: Int, _ height: Int, frames: Int, hasAlpha: Bool) -> ImageFacts {
        ImageFacts(type: .webp, width: width, height: height, frames: frames, hasAlpha: hasAlpha)
    }

    private static let truncated = ImageIssue.damaged("the WebP ends within its header")
}
