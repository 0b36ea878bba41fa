/// The blocks of a GIF in order, as ranges of its bytes.
struct GIFBlocks {
    /// Where the screen descriptor ends.
    static let screenEnd = 13

    enum Block: Hashable {
        /// Everything before the first block: signature, screen, global colours.
        case header(Range<Int>)
        case graphicControl(Range<Int>, hasTransparency: Bool)
        /// How often an animation repeats.
        case loop(Range<Int>)
        /// Comments, texts, profiles, XMP and whatever programs put in.
        case other(Range<Int>)
        case image(Range<Int>)
        case trailer
    }

    private let view: ByteView
    private var offset = 0

    init(_ view: ByteView) { self.view = view }

    /// The next block, nil after the trailer.
    mutating func next() throws(ImageIssue) -> Block {
        let start = offset
        if start == 0 {
            guard let flags = view[10], view.count >= Self.screenEnd else { throw Self.truncated }
            try skip(Self.screenEnd + Self.colors(flags))
            return .header(start..<offset)
        }
        switch view[start] {
        case 0x3B: return .trailer
        case 0x2C:
            guard let flags = view[start + 9] else { throw Self.truncated }
            // The descriptor, its colours, the size of the codes; then the pixels.
            try skip(10 + Self.colors(flags) + 1)
            try skipParts()
            return .image(start..<offset)
        case 0x21: return try extensionBlock(from: start)
        case nil: throw Self.truncated
        case .some: throw .damaged("the GIF has a block of an unknown kind")
        }
    }

    private mutating func extensionBlock(from start: Int) throws(ImageIssue) -> Block {
        let label = view[start + 1]
        try skip(2)
        try skipParts()
        let range = start..<offset
        if label == 0xF9, view[start + 2] == 4, let flags = view[start + 3] {
            return .graphicControl(range, hasTransparency: flags & 1 == 1)
        }
        // Exactly the one shape, or a part of a metadata block could pass for it.
        let isLoop = label == 0xFF && view[start + 2] == 11 && range.count == 19 && view[start + 14] == 3
        if isLoop, view.matches("NETSCAPE2.0", at: start + 3) || view.matches("ANIMEXTS1.0", at: start + 3) {
            return .loop(range)
        }
        return .other(range)
    }

    private mutating func skip(_ count: Int) throws(ImageIssue) {
        offset += count
        if offset > view.count { throw Self.truncated }
    }

    /// Parts of at most 255 bytes, each after its length; one of none ends them.
    private mutating func skipParts() throws(ImageIssue) {
        while true {
            guard let length = view[offset] else { throw Self.truncated }
            try skip(1 + Int(length))
            if length == 0 { return }
        }
    }

    private static func colors(_ flags: UInt8) -> Int { flags & 0x80 == 0 ? 0 : 3 << (Int(flags & 7) + 1) }

    static let truncated = ImageIssue.damaged("the GIF ends before its last block")
}

extension GIFBlocks {
    /// Stops counting once there are more frames than allowed; the limits then refuse it.
    static func read(_ view: ByteView, frameLimit: Int) throws(ImageIssue) -> ImageFacts {
        guard let width = view.littleEndian16(at: 6), let height = view.littleEndian16(at: 8) else { throw truncated }
        var blocks = GIFBlocks(view)
        var (frames, hasAlpha) = (0, false)
        scan: while frames <= frameLimit {
            switch try blocks.next() {
            case .header, .loop, .other: break
            case .graphicControl(_, let hasTransparency): hasAlpha = hasAlpha || hasTransparency
            case .image: frames += 1
            case .trailer: break scan
            }
        }
        return ImageFacts(type: .gif, width: width, height: height, frames: frames, hasAlpha: hasAlpha)
    }
}
