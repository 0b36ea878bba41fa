import CPangoCairo
import Core

/// A brand's logo, ready to be drawn: how large it may be, and what it needs behind it to be seen.
struct CardLogo {
    let bitmap: Bitmap
    /// Some of the pixels that can be seen; enough of them to know what the whole looks like.
    private let seen: [CardColor]
    /// Whether something of the card shows through.
    private let isTransparent: Bool

    private static let samples = 4_096
    /// Alpha from which on a pixel counts as seen.
    private static let visible: UInt8 = 64
    /// Where a shape begins to stand out from its ground.
    private static let standsOut = 1.6

    /// Nil when no pixel of it can be seen.
    init?(_ bitmap: Bitmap) {
        let count = bitmap.width * bitmap.height
        // An odd step does not follow the columns of a picture whose width it would divide.
        let step = max(count / Self.samples, 1) | 1
        var (seen, isTransparent) = ([CardColor](), false)
        for index in stride(from: 0, to: count, by: step) {
            let parts = bitmap.pixels[index * 4..<index * 4 + 4]
            let alpha = parts[parts.startIndex + 3]
            if alpha < 255 { isTransparent = true }
            guard alpha >= Self.visible else { continue }
            let color = parts.prefix(3).map { Double($0) / 255 }
            seen.append(CardColor(red: color[0], green: color[1], blue: color[2]))
        }
        guard !seen.isEmpty else { return nil }
        self.bitmap = bitmap
        self.seen = seen
        self.isTransparent = isTransparent
    }

    /// A wide one mostly has the brand's name in it.
    var isWordmark: Bool { bitmap.width > 2 * bitmap.height }

    /// The colour of the plate it needs on that ground: nil when it shows well as it is. A logo without transparency brings a
    /// ground of its own.
    func plate(on ground: CardColor) -> CardColor? {
        guard isTransparent, share(standingOutFrom: ground) < 0.75 else { return nil }
        return [CardColor.white, .ink].max { share(standingOutFrom: $0) < share(standingOutFrom: $1) }
    }

    private func share(standingOutFrom ground: CardColor) -> Double {
        Double(seen.count { $0.contrast(with: ground) >= Self.standsOut }) / Double(seen.count)
    }

    /// The size within a box, never larger than it is.
    func size(within box: (width: Double, height: Double)) -> (width: Double, height: Double) {
        let (width, height) = (Double(bitmap.width), Double(bitmap.height))
        let scale = min(box.width / width, box.height / height, 1)
        return (width * scale, height * scale)
    }

    /// Draws it at that size, its left upper corner at `x`, `y`.
    func draw(on context: OpaquePointer, x: Double, y: Double, width: Double) {
        var pixels = premultiplied
        pixels.withUnsafeMutableBufferPointer { buffer in
            let surface = cairo_image_surface_create_for_data(
                buffer.baseAddress, CAIRO_FORMAT_ARGB32, Int32(bitmap.width), Int32(bitmap.height), Int32(bitmap.width * 4))
            defer { cairo_surface_destroy(surface) }
            cairo_save(context)
            defer { cairo_restore(context) }
            let scale = width / Double(bitmap.width)
            cairo_translate(context, x, y)
            cairo_scale(context, scale, scale)
            cairo_set_source_surface(context, surface, 0, 0)
            cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_GOOD)
            cairo_paint(context)
        }
    }

    /// What Cairo draws: blue, green, red, alpha on a machine with the lowest byte first, colours multiplied by alpha.
    private var premultiplied: [UInt8] {
        let source = bitmap.pixels
        return [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
            for start in stride(from: 0, to: source.count, by: 4) {
                let alpha = UInt32(source[start + 3])
                func part(_ offset: Int) -> UInt8 { UInt8((UInt32(source[start + offset]) * alpha + 127) / 255) }
                target[start] = part(2)
                target[start + 1] = part(1)
                target[start + 2] = part(0)
                target[start + 3] = source[start + 3]
            }
            count = source.count
        }
    }
}
