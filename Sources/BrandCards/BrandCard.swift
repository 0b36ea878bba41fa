import CJPEGWriter
import CPangoCairo
package import Core

#if canImport(Glibc)
    import Glibc
#endif

/// A post's text, typeset on the brand's colours: what a platform that demands a picture gets when a post has none.
///
/// On one machine the same input gives the same bytes; the fonts that are installed decide the rest. Text is hostile
/// input: it is never read as markup, and control characters are dropped. Every call has a font map of its own, so calls
/// may run at the same time.
package struct BrandCard: Sendable {
    package enum Format: Sendable { case jpeg, png }

    private let text: String
    private let brandName: String
    private let colors: [String]
    private let logo: CardLogo?
    private let width: Int
    private let height: Int

    /// - Parameters:
    ///   - text: a post's caption, set as large as fits; too long, it ends with an ellipsis. Empty: the brand's name instead.
    ///   - brandName: small at the bottom, on one line.
    ///   - colors: `#rrggbb` each: background, accent and, if there is a third, the text's. What is missing gets
    ///     a default; without a text colour the one of higher contrast.
    ///   - logo: at the bottom, with the name beside it, or instead of it when it is more than twice as wide as high; on a
    ///     plate when it would not show on the background. One that shows nothing counts as none.
    ///   - width: pixels, 64 to 4096; `height` likewise.
    package init(text: String, brandName: String, colors: [String], logo: Bitmap? = nil, width: Int, height: Int) {
        self.text = CardText.headline(text)
        self.brandName = CardText.brand(brandName)
        self.colors = colors
        self.logo = logo.flatMap(CardLogo.init)
        self.width = width
        self.height = height
    }

    /// Draws the card. For 1080 x 1080, a JPEG takes some 35 ms, a PNG 60 to 100 ms; for 4096 x 4096, a PNG up to 0.9 s.
    package func render(_ format: Format) throws(BrandCardError) -> [UInt8] {
        guard (64...4096).contains(width), (64...4096).contains(height) else { throw .size(width: width, height: height) }
        let palette = try Palette(colors)
        // Cairo never answers with nothing, but with an object that is in error: it too must be given back.
        let surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(width), Int32(height))
        defer { cairo_surface_destroy(surface) }
        let context = cairo_create(surface)
        defer { cairo_destroy(context) }
        guard let surface, let context, cairo_status(context) == CAIRO_STATUS_SUCCESS, let layout = CardLayout() else {
            throw .drawing("no memory for \(width) x \(height) pixels")
        }
        let drawing = CardDrawing(
            context: context, width: Double(width), height: Double(height), palette: palette, text: text,
            brandName: brandName, logo: logo, layout: layout)
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
