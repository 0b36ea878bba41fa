import CJPEGWriter
import CPangoCairo

#if canImport(Glibc)
    import Glibc
#endif

/// A post's text, typeset on the brand's colours: what a platform that demands a picture gets when a post has none.
///
/// The same input gives the same bytes. Text is hostile input: it is never read as markup, and control characters are
/// dropped. Every call has a font map of its own, so calls may run at the same time.
package struct BrandCard: Sendable {
    package enum Format: Sendable { case jpeg, png }

    private let text: String
    private let brandName: String
    private let colors: [String]
    private let width: Int
    private let height: Int

    /// - Parameters:
    ///   - colors: `#rrggbb` each: background, accent and, if there is a third, the text's; defaults fill what is missing.
    ///   - width: pixels, 64 to 4096; `height` likewise.
    package init(text: String, brandName: String, colors: [String], width: Int, height: Int) {
        self.text = Self.clean(text)
        self.brandName = Self.clean(brandName)
        self.colors = colors
        self.width = width
        self.height = height
    }

    private static func clean(_ text: String) -> String {
        let kept = text.unicodeScalars.filter { $0 == "\n" || !($0.value < 0x20 || (0x7F...0x9F).contains($0.value)) }
        // More text than this is not read on a picture; the layout ends it with an ellipsis much earlier.
        return String(String(String.UnicodeScalarView(kept)).prefix(2000))
    }

    /// Draws the card. Some 50 ms for 1080 x 1080.
    package func render(_ format: Format) throws(BrandCardError) -> [UInt8] {
        guard (64...4096).contains(width), (64...4096).contains(height) else { throw .size(width: width, height: height) }
        let palette = try Palette(colors)
        guard let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height)),
            cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let context = cairo_create(surface),
            let layout = CardLayout(fonts: CardDrawing.fonts)
        else { throw .drawing("no memory for \(width) x \(height) pixels") }
        defer {
            cairo_destroy(context)
            cairo_surface_destroy(surface)
        }
        let drawing = CardDrawing(
            context: context, width: Double(width), height: Double(height), palette: palette, text: text, brandName: brandName,
            layout: layout)
        drawing.draw()
        cairo_surface_flush(surface)
        guard cairo_status(context) == CAIRO_STATUS_SUCCESS else {
            throw .drawing(String(cString: cairo_status_to_string(cairo_status(context))))
        }
        switch format {
        case .png: return try png(surface)
        case .jpeg: return try jpeg(surface)
        }
    }

    private func png(_ surface: OpaquePointer) throws(BrandCardError) -> [UInt8] {
        var bytes: [UInt8] = []
        let status = withUnsafeMutablePointer(to: &bytes) { target in
            cairo_surface_write_to_png_stream(
                surface,
                { closure, data, count in
                    closure?.assumingMemoryBound(to: [UInt8].self).pointee.append(
                        contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
                    return CAIRO_STATUS_SUCCESS
                }, target)
        }
        guard status == CAIRO_STATUS_SUCCESS else { throw .drawing(String(cString: cairo_status_to_string(status))) }
        return bytes
    }

    private func jpeg(_ surface: OpaquePointer) throws(BrandCardError) -> [UInt8] {
        var size = 0
        guard let pixels = cairo_image_surface_get_data(surface),
            let bytes = audenci_write_jpeg(
                pixels, Int32(width), Int32(height), cairo_image_surface_get_stride(surface), 90, &size)
        else { throw .drawing("the JPEG library failed") }
        defer { free(bytes) }
        return Array(UnsafeBufferPointer(start: bytes, count: size))
    }
}

/// The colours of one card, complete.
struct Palette: Hashable, Sendable {
    let background: CardColor
    let accent: CardColor
    let text: CardColor

    init(_ colors: [String]) throws(BrandCardError) {
        var parsed: [CardColor] = []
        for color in colors.prefix(3) {
            guard let value = CardColor(hex: color) else { throw .color(color) }
            parsed.append(value)
        }
        background = parsed.first ?? CardColor(red: 0.086, green: 0.196, blue: 0.31)
        accent = parsed.count > 1 ? parsed[1] : background.readable
        text = parsed.count > 2 ? parsed[2] : background.readable
    }
}
