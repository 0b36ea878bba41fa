/// A picture after the workshop: safe to keep and to hand out.
package struct ProcessedImage: Hashable, Sendable {
    /// A picture that the workshop wrote; the figures are read from its own bytes.
    package struct Picture: Hashable, Sendable {
        package let bytes: [UInt8]
        package let facts: ImageFacts
    }

    /// The uploaded picture, upright, in sRGB, without EXIF, GPS, XMP, profile, comments and bytes after its end; all frames
    /// of a GIF or WebP, the first of an animated PNG.
    package let original: Picture
    /// One for each job, in their order.
    package let renditions: [Picture]

    package var type: MediaType { original.facts.type }
    package var width: Int { original.facts.width }
    package var height: Int { original.facts.height }
    package var frames: Int { original.facts.frames }
    package var hasAlpha: Bool { original.facts.hasAlpha }
}

extension ProcessedImage {
    /// Nil when a picture is not what was asked for. The worker has handled hostile bytes, so its word is not taken.
    init?(_ pictures: [[UInt8]], of source: ImageFacts, _ jobs: [ImageJob]) {
        guard let first = pictures.first, let original = Picture(first, expecting: source.type) else { return nil }
        let renditions = zip(pictures.dropFirst(), jobs).compactMap { bytes, job -> Picture? in
            guard let picture = Picture(bytes, expecting: job.format.type), picture.facts.frames == 1,
                picture.facts.width <= job.box.width, picture.facts.height <= job.box.height
            else { return nil }
            return picture
        }
        guard renditions.count == jobs.count else { return nil }
        self.init(original: original, renditions: renditions)
    }
}

extension ProcessedImage.Picture {
    fileprivate init?(_ bytes: [UInt8], expecting type: MediaType) {
        guard let facts = try? ImageInspector.inspect(bytes), facts.type == type, PictureParts.areClean(bytes, type)
        else { return nil }
        self.init(bytes: bytes, facts: facts)
    }
}
