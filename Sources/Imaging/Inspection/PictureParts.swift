/// Whether a picture's file holds a picture and nothing else.
///
/// Asked of what the worker wrote: encoders have written EXIF in spite of being told not to, and a worker that a file has
/// taken over writes what it likes. Lists what is allowed, so what nobody thought of is not.
enum PictureParts {
    static func areClean(_ bytes: [UInt8], _ type: MediaType) -> Bool {
        let view = ByteView(bytes)
        switch type {
        case .jpeg: return isCleanJPEG(view)
        case .png: return isCleanPNG(view)
        case .gif: return (try? GIFCleaning.clean(bytes)) == bytes
        case .webp: return WebPCleaning.clean(bytes) == bytes
        case .mp4, .mov: return false
        }
    }

    /// JFIF's header, Adobe's note on colours, tables, size, pixels.
    private static func isCleanJPEG(_ view: ByteView) -> Bool {
        var offset = 2
        while view[offset] == 0xFF, let marker = view[offset + 1], let length = view.bigEndian16(at: offset + 2) {
            switch marker {
            case 0xDA: return isCleanScan(view, from: offset + 2 + length)
            case 0xC0...0xCF, 0xDB, 0xDD: break
            case 0xE0: guard length == 16, view.matches("JFIF\0", at: offset + 4) else { return false }
            case 0xEE: guard length == 14, view.matches("Adobe", at: offset + 4) else { return false }
            default: return false
            }
            offset += 2 + length
        }
        return false
    }

    /// Nothing follows the first end of image.
    private static func isCleanScan(_ view: ByteView, from start: Int) -> Bool {
        guard start < view.count, view.matches([0xFF, 0xD9], at: view.count - 2) else { return false }
        return view.bytes.withUnsafeBufferPointer { bytes in
            var index = start
            while index < bytes.count - 2 {
                if bytes[index] == 0xFF, bytes[index + 1] == 0xD9 { return false }
                index += 1
            }
            return true
        }
    }

    private static func isCleanPNG(_ view: ByteView) -> Bool {
        let allowed: Set<String> = ["IHDR", "PLTE", "tRNS", "pHYs", "sRGB", "gAMA", "bKGD", "sBIT", "IDAT"]
        var offset = PNGHeader.signature.count
        while let length = view.bigEndian32(at: offset), let name = view.text(at: offset + 4, count: 4) {
            offset += 12 + length
            if name == "IEND" { return length == 0 && offset == view.count }
            guard allowed.contains(name) else { return false }
        }
        return false
    }
}
