import CPangoCairo

/// Text in lines: how large it may be, and how it breaks. Each has a font map of its own, for Pango's maps are not for
/// several threads at once.
final class CardLayout {
    private let context: OpaquePointer
    private let fonts: String

    /// Nil when Pango has no memory.
    init?(fonts: String) {
        guard let map = pango_cairo_font_map_new() else { return nil }
        defer { g_object_unref(UnsafeMutableRawPointer(map)) }
        guard let context = pango_font_map_create_context(map) else { return nil }
        self.context = context
        self.fonts = fonts
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(context)) }

    /// The largest size at which `text` fits, and the extent it has then. The width is narrowed as long as no further line
    /// is needed, which balances the lines. At the smallest size, text that does not fit ends with an ellipsis.
    func fit(
        _ text: String, width: Double, height: Double, largest: Double
    ) -> (size: Double, extent: (width: Double, height: Double)) {
        var size = largest
        let smallest = largest * 0.26
        while size > smallest {
            if let lines = measure(text, size: size, width: width, limit: nil), lines.height <= height, lines.width <= width,
                !lines.breaksWords
            {
                return (size, balanced(text, size: size, width: width, lines: lines))
            }
            size *= 0.94
        }
        let lines = measure(text, size: smallest, width: width, limit: height)
        return (smallest, (width, min(lines?.height ?? height, height)))
    }

    struct Lines {
        var count: Int
        var width: Double
        var height: Double
        /// A word was too long for the width.
        var breaksWords: Bool
    }

    private func balanced(
        _ text: String, size: Double, width: Double, lines: Lines
    ) -> (width: Double, height: Double) {
        guard lines.count > 1, lines.count <= 6 else { return (width, lines.height) }
        var narrow = width
        while narrow > width * 0.6 {
            let next = narrow - width * 0.03
            guard let tried = measure(text, size: size, width: next, limit: nil), tried.count == lines.count,
                !tried.breaksWords
            else { break }
            narrow = next
        }
        return (narrow, lines.height)
    }

    func measure(_ text: String, size: Double, width: Double, limit: Double?) -> Lines? {
        guard let object = make(text, size: size, width: width, height: limit) else { return nil }
        defer { g_object_unref(object) }
        let layout = OpaquePointer(object)
        var ink = PangoRectangle()
        var logical = PangoRectangle()
        pango_layout_get_pixel_extents(layout, &ink, &logical)
        return Lines(
            count: Int(pango_layout_get_line_count(layout)), width: Double(logical.width), height: Double(logical.height),
            breaksWords: longestWord(text, size: size) > width)
    }

    private func longestWord(_ text: String, size: Double) -> Double {
        let word = text.split(whereSeparator: \.isWhitespace).max { $0.count < $1.count } ?? ""
        guard let object = make(String(word), size: size, width: nil, height: nil) else { return 0 }
        defer { g_object_unref(object) }
        var width: Int32 = 0
        pango_layout_get_pixel_size(OpaquePointer(object), &width, nil)
        return Double(width)
    }

    /// A layout of plain text.
    func make(_ text: String, size: Double, width: Double?, height: Double?) -> UnsafeMutableRawPointer? {
        guard let layout = pango_layout_new(context) else { return nil }
        let font = pango_font_description_from_string(fonts)
        defer { pango_font_description_free(font) }
        pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD)
        pango_font_description_set_absolute_size(font, size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        pango_layout_set_text(layout, text, -1)
        pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
        pango_layout_set_line_spacing(layout, 1.12)
        if let width { pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE))) }
        if let height {
            pango_layout_set_height(layout, Int32(height * Double(PANGO_SCALE)))
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        }
        return UnsafeMutableRawPointer(layout)
    }
}
