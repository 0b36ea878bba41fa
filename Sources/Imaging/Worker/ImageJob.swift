/// One picture to be made from an uploaded one: how large, how it fits, in which format.
///
/// Of an animation it shows the first frame. Pictures are made smaller, never larger.
package struct ImageJob: Hashable, Sendable {
    package enum Fit: String, CaseIterable, Hashable, Sendable {
        /// The whole picture, within the box.
        case contain
        /// The box's shape, filled; what does not fit is cut off evenly.
        case cover
    }

    package enum Format: String, CaseIterable, Hashable, Sendable {
        /// Quality 85, on white where the picture is transparent.
        case jpeg = "image/jpeg"
        case png = "image/png"
        case webp = "image/webp"

        package var type: MediaType {
            switch self {
            case .jpeg: .jpeg
            case .png: .png
            case .webp: .webp
            }
        }
    }

    package let box: PixelSize
    package let fit: Fit
    package let format: Format

    package init(box: PixelSize, fit: Fit, format: Format) {
        self.box = box
        self.fit = fit
        self.format = format
    }

    /// For lists of the library: at most 400 pixels either way, transparency kept.
    package static let thumbnail = ImageJob(box: PixelSize(width: 400, height: 400), fit: .contain, format: .webp)

    /// A box's longest side; WebP cannot hold more.
    package static let longestSide = 16_383

    /// The size of the result, for an upright picture of that size.
    func size(for source: PixelSize) -> PixelSize {
        switch fit {
        case .contain: return Self.size(of: source, within: box)
        case .cover:
            let across = Double(box.width) / Double(source.width)
            let down = Double(box.height) / Double(source.height)
            // A box larger than the picture shrinks until it fits within: its shape matters, more pixels would be invented.
            let scale = max(across, down, 1)
            return Self.size(box, times: 1 / scale)
        }
    }

    /// The size of a whole picture within a box, never larger than it is.
    static func size(of source: PixelSize, within box: PixelSize) -> PixelSize {
        let across = Double(box.width) / Double(source.width)
        let down = Double(box.height) / Double(source.height)
        return size(source, times: min(across, down, 1))
    }

    private static func size(_ size: PixelSize, times scale: Double) -> PixelSize {
        PixelSize(
            width: max(Int((Double(size.width) * scale).rounded()), 1),
            height: max(Int((Double(size.height) * scale).rounded()), 1))
    }
}
