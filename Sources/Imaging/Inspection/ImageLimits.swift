/// How large a picture may be. Checked on the header, before anything is decoded.
package struct ImageLimits: Hashable, Sendable {
    /// Bytes of the file, and of the cleaned file.
    package var bytes: Int
    /// Pixels of one frame.
    package var pixels: Int
    /// The same for WebP, whose decoder takes several times the memory.
    package var webPPixels: Int
    package var frames: Int
    /// Pixels of all frames together: 500 frames of 50 megapixels would be a day's work.
    package var pixelsOfAllFrames: Int

    package init(
        bytes: Int = 100_000_000, pixels: Int = 50_000_000, webPPixels: Int = 25_000_000, frames: Int = 500,
        pixelsOfAllFrames: Int = 200_000_000
    ) {
        self.bytes = bytes
        self.pixels = pixels
        self.webPPixels = webPPixels
        self.frames = frames
        self.pixelsOfAllFrames = pixelsOfAllFrames
    }

    package static let standard = ImageLimits()

    func check(bytes count: Int) throws(ImageIssue) {
        if count > bytes { throw .tooManyBytes(count, allowed: bytes) }
    }

    func check(_ facts: ImageFacts) throws(ImageIssue) {
        guard facts.width > 0, facts.height > 0, facts.frames > 0 else { throw .damaged("it has no pixels") }
        let (area, isAreaHuge) = facts.width.multipliedReportingOverflow(by: facts.height)
        let allowed = facts.type == .webp ? min(webPPixels, pixels) : pixels
        if isAreaHuge || area > allowed {
            throw .tooManyPixels(width: facts.width, height: facts.height, allowed: allowed)
        }
        if facts.frames > frames { throw .tooManyFrames(facts.frames, allowed: frames) }
        let (volume, isVolumeHuge) = area.multipliedReportingOverflow(by: facts.frames)
        if isVolumeHuge || volume > pixelsOfAllFrames {
            throw .tooManyPixelsInFrames(
                width: facts.width, height: facts.height, frames: facts.frames, allowed: pixelsOfAllFrames)
        }
    }
}
