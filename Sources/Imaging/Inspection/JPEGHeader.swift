/// A JPEG's segments up to the one that holds the size.
enum JPEGHeader {
    static func read(_ view: ByteView) throws(ImageIssue) -> ImageFacts {
        var offset = 2
        while let marker = try nextMarker(view, &offset) {
            guard let length = view.bigEndian16(at: offset), length >= 2 else { break }
            if isFrame(marker) { return try frame(view, at: offset, length: length) }
            // Pixels begin, or the picture ends, and no size was given.
            if marker == 0xDA || marker == 0xD9 { break }
            offset += length
        }
        throw .damaged("the JPEG ends before its size is given")
    }

    /// Markers are FF and a code; any number of FF may stand before.
    private static func nextMarker(_ view: ByteView, _ offset: inout Int) throws(ImageIssue) -> UInt8? {
        guard let first = view[offset] else { return nil }
        guard first == 0xFF else { throw .damaged("a JPEG segment does not begin with a marker") }
        while view[offset] == 0xFF { offset += 1 }
        defer { offset += 1 }
        return view[offset]
    }

    /// Start of frame; C4, C8 and CC are tables.
    private static func isFrame(_ marker: UInt8) -> Bool {
        (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }

    private static func frame(_ view: ByteView, at offset: Int, length: Int) throws(ImageIssue) -> ImageFacts {
        guard length >= 8, let precision = view[offset + 2], let height = view.bigEndian16(at: offset + 3),
            let width = view.bigEndian16(at: offset + 5)
        else { throw .damaged("the JPEG ends within its header") }
        guard precision == 8 else { throw .damaged("JPEGs of \(precision) bits a channel cannot be read, only of 8") }
        return ImageFacts(type: .jpeg, width: width, height: height, frames: 1, hasAlpha: false)
    }
}
