/// A PNG's chunks up to its pixels.
enum PNGHeader {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    static func read(_ view: ByteView) throws(ImageIssue) -> ImageFacts {
        guard view.matches("IHDR", at: 12), let width = view.bigEndian32(at: 16), let height = view.bigEndian32(at: 20),
            let colorType = view[25]
        else { throw .damaged("the PNG ends within its header") }
        var hasAlpha = colorType == 4 || colorType == 6
        var frames = 1
        var offset = 33
        while let length = view.bigEndian32(at: offset), let name = view.text(at: offset + 4, count: 4) {
            switch name {
            case "IDAT": return ImageFacts(type: .png, width: width, height: height, frames: frames, hasAlpha: hasAlpha)
            case "tRNS": hasAlpha = true
            case "acTL": frames = max(view.bigEndian32(at: offset + 8) ?? 1, 1)
            default: break
            }
            offset += 12 + length
        }
        throw .damaged("the PNG has no pixels")
    }
}
