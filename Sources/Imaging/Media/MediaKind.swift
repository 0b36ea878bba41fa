/// Whether a file is a picture or a film, and which type it has.
package enum MediaKind: String, CaseIterable, Hashable, Sendable {
    case image
    case video

    /// As many bytes as ``sniff(_:)`` looks at; the first block of an upload is enough.
    package static let sniffedBytes = 32

    /// The type by what the file begins with; names and declared types are claims of whoever uploads.
    ///
    /// Nil for everything else, SVG, HTML, PDF and archives first of all: those can carry scripts, and what a browser would
    /// make of them must not depend on the header they are served with. A file can begin like a picture and go on as
    /// something else, so this says how to read the bytes, not that they are well-formed.
    package static func sniff(_ bytes: some Collection<UInt8>) -> MediaType? {
        let head = ByteView(Array(bytes.prefix(sniffedBytes)))
        if isJPEG(head) { return .jpeg }
        if isPNG(head) { return .png }
        if isGIF(head) { return .gif }
        if isWebP(head) { return .webp }
        return film(head)
    }

    /// Start of image, then the marker of a segment that may follow it.
    private static func isJPEG(_ head: ByteView) -> Bool {
        guard head.matches([0xFF, 0xD8, 0xFF], at: 0), let marker = head[3] else { return false }
        switch marker {
        case 0xC0...0xCF, 0xDB...0xFE: return true
        default: return false
        }
    }

    /// The signature, then the header chunk with its only possible length.
    private static func isPNG(_ head: ByteView) -> Bool {
        head.matches(PNGHeader.signature, at: 0) && head.bigEndian32(at: 8) == 13 && head.matches("IHDR", at: 12)
    }

    private static func isGIF(_ head: ByteView) -> Bool {
        (head.matches("GIF87a", at: 0) || head.matches("GIF89a", at: 0)) && head.bytes.count >= GIFBlocks.screenEnd
    }

    private static func isWebP(_ head: ByteView) -> Bool {
        guard head.matches("RIFF", at: 0), head.matches("WEBP", at: 8) else { return false }
        return head.matches("VP8 ", at: 12) || head.matches("VP8L", at: 12) || head.matches("VP8X", at: 12)
    }

    /// ISO base media files begin with a box `ftyp`: length, name, major brand, minor version, compatible brands.
    ///
    /// The major brand decides. HEIC, AVIF, audio and 3GP have the same box, and some name `mp42` as compatible.
    private static func film(_ head: ByteView) -> MediaType? {
        guard head.matches("ftyp", at: 4), let length = head.bigEndian32(at: 0),
            length >= 16, length <= 1024, length.isMultiple(of: 4), let brand = head.text(at: 8, count: 4)
        else { return nil }
        if brand == "qt  " { return .mov }
        return mp4Brands.contains(brand) ? .mp4 : nil
    }

    private static let mp4Brands: Set<String> = [
        "isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "mp71", "avc1", "M4V ",
        "M4VH", "M4VP", "MSNV", "dash", "f4v ", "mmp4",
    ]
}
