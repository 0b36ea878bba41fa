import CPangoCairo

/// A PNG as Cairo reads it back.
package struct Picture {
    package let width: Int
    package let height: Int
    private let pixels: [UInt32]

    /// The bytes are no PNG, or not a whole one.
    package struct Unreadable: Error {}

    package init(png: [UInt8]) throws(Unreadable) {
        var rest = png[...]
        let surface = withUnsafeMutablePointer(to: &rest) { source in
            cairo_image_surface_create_from_png_stream(
                { closure, data, count in
                    guard let source = closure?.assumingMemoryBound(to: ArraySlice<UInt8>.self), let data,
                        source.pointee.count >= Int(count)
                    else { return CAIRO_STATUS_READ_ERROR }
                    for (index, byte) in source.pointee.prefix(Int(count)).enumerated() { data[index] = byte }
                    source.pointee.removeFirst(Int(count))
                    return CAIRO_STATUS_SUCCESS
                }, source)
        }
        defer { cairo_surface_destroy(surface) }
        guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let data = cairo_image_surface_get_data(surface) else {
            throw Unreadable()
        }
        let stride = Int(cairo_image_surface_get_stride(surface))
        let (width, height) = (
            Int(cairo_image_surface_get_width(surface)), Int(cairo_image_surface_get_height(surface))
        )
        self.width = width
        self.height = height
        pixels = (0..<height).flatMap { y in
            (0..<width).map { x in
                UnsafeRawPointer(data).load(fromByteOffset: y * stride + x * 4, as: UInt32.self) & 0xFFFFFF
            }
        }
    }

    /// 0xrrggbb.
    package func color(x: Int, y: Int) -> UInt32 { pixels[y * width + x] }

    /// Whether a pixel is anything but a shade of grey.
    package var hasHue: Bool {
        pixels.contains { pixel in
            let parts = [pixel >> 16 & 0xFF, pixel >> 8 & 0xFF, pixel & 0xFF]
            return (parts.max() ?? 0) - (parts.min() ?? 0) > 32
        }
    }

    /// Whether a pixel has this color.
    package func has(_ color: UInt32) -> Bool { pixels.contains(color) }
}
