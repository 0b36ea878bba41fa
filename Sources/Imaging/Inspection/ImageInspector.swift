/// Reads what a picture's header says, in Swift, without decoding pixels.
///
/// Size limits are enforced on this, in the server, before a worker sees the bytes: a file that claims 30000 x 30000 pixels
/// costs nothing. The worker checks what its decoder makes of the header once more, for the two might differ.
package enum ImageInspector {
    /// - Throws: what is wrong with the file, or which limit it is over.
    package static func inspect(_ bytes: [UInt8], limits: ImageLimits = .standard) throws(ImageIssue) -> ImageFacts {
        try limits.check(bytes: bytes.count)
        guard let type = MediaKind.sniff(bytes) else { throw .unknownType }
        let facts = try header(of: type, ByteView(bytes), limits)
        try limits.check(facts)
        return facts
    }

    private static func header(of type: MediaType, _ view: ByteView, _ limits: ImageLimits) throws(ImageIssue) -> ImageFacts {
        switch type {
        case .jpeg: try JPEGHeader.read(view)
        case .png: try PNGHeader.read(view)
        case .gif: try GIFBlocks.read(view, frameLimit: limits.frames)
        case .webp: try WebPChunks.read(view, frameLimit: limits.frames)
        case .mp4, .mov: throw .notAnImage(type)
        }
    }
}
