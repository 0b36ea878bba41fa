import CPangoCairo

/// Text in lines: how large it may be, and how it breaks.
///
/// Each has a font map of its own, for Pango's maps are not for several threads at once; so one of these belongs to one
/// call, and calls need no lock.
final class CardLayout {
    /// Without an emoji font on purpose: Pango finds one for emoji by itself, and one that is named here also draws the
    /// digits, `#` and `*`, which such fonts contain for keycaps.
    static let fonts = "Inter, DejaVu Sans, sans-serif"

    /// How a text is set.
    struct Setting {
        /// Pixels per em.
        var size: Double
        var isBold: Bool
        /// Nil: as wide as the text is.
        var width: Double?
        var end: End
        /// Words longer than a line are broken; otherwise they stick out, which `measure` shows.
        var breaksWords: Bool
    }

    /// What happens to text that is too long.
    enum End {
        case open
        /// An ellipsis ends the text at this height.
        case height(Double)
        /// An ellipsis ends the only line.
        case oneLine
    }

    /// A text that fits, and how.
    struct Fit {
        var text: String
        var setting: Setting
        var extent: Extent
    }

    struct Extent: Hashable {
        var lines: Int
        var width: Double
        var height: Double
        var isEllipsized: Bool
    }

    private let context: OpaquePointer

    /// Nil when Pango has no memory.
    init?() {
        guard let map = pango_cairo_font_map_new() else { return nil }
        defer { g_object_unref(UnsafeMutableRawPointer(map)) }
        guard let context = pango_font_map_create_context(map) else { return nil }
        self.context = context
        // What a machine's settings or its locale would decide otherwise.
        pango_context_set_language(context, pango_language_from_string("en"))
        pango_context_set_round_glyph_positions(context, 0)
        let options = cairo_font_options_create()
        defer { cairo_font_options_destroy(options) }
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
        pango_cairo_context_set_font_options(context, options)
    }

    deinit { g_object_unref(UnsafeMutableRawPointer(context)) }

    /// A setting in which `text` fits `width` and `height`: the largest, or one up to a third smaller when that gives
    /// lines of more even length.
    ///
    /// Whole words come first. Text with a word too long for that (a link, mostly) is set with broken words, not tiny;
    /// text that is too long at the smallest size ends with an ellipsis.
    func fit(_ text: String, width: Double, height: Double, largest: Double) -> Fit {
        let whole = largestSetting(text, width, height, Self.sizes(from: largest, to: largest * 0.5), breaksWords: false)
        let broken = whole == nil ? Self.sizes(from: largest * 0.6, to: largest * 0.25) : []
        if let setting = whole ?? largestSetting(text, width, height, broken, breaksWords: true) {
            let even = mostEven(text, setting, height: height, smallest: largest * 0.25)
            return Fit(text: text, setting: even, extent: measure(text, even))
        }
        return shortened(text, width: width, height: height, size: largest * 0.25)
    }

    private static func sizes(from largest: Double, to smallest: Double) -> [Double] {
        var sizes: [Double] = []
        var size = largest
        while size >= smallest {
            sizes.append(size)
            size *= 0.95
        }
        return sizes
    }

    private func largestSetting(
        _ text: String, _ width: Double, _ height: Double, _ sizes: [Double], breaksWords: Bool
    ) -> Setting? {
        // By halves: a size fits when a larger one does, but for rare cases in which a size is lost, never an overflow.
        var found: Setting?
        var rest = sizes[...]
        while !rest.isEmpty {
            let middle = rest.startIndex + rest.count / 2
            let setting = Setting(
                size: sizes[middle], isBold: !breaksWords, width: width, end: .open, breaksWords: breaksWords)
            let extent = measure(text, setting)
            if extent.width <= width, extent.height <= height {
                found = setting
                rest = rest[..<middle]
            } else {
                rest = rest[(middle + 1)...]
            }
        }
        return found
    }

    /// The same in a narrower column, or a little smaller, for the sake of more even lines.
    private func mostEven(_ text: String, _ setting: Setting, height: Double, smallest: Double) -> Setting {
        // Long text looks best in a full column, broken words nowhere.
        guard !setting.breaksWords, (2...8).contains(measure(text, setting).lines) else { return setting }
        var best = (setting: setting, cost: Double.infinity)
        for size in Self.sizes(from: setting.size, to: max(setting.size * 0.7, smallest)) {
            var tried = setting
            tried.size = size
            tried = balanced(text, tried)
            // Narrower lines may be taller ones: another font's letters, such as emoji, spread over more of them.
            guard measure(text, tried).height <= height else { continue }
            // The weight is a matter of taste: with less, lone words stay; with more, text gets small.
            let cost = 1 - size / setting.size + 2 * raggedness(text, tried)
            if cost < best.cost { best = (tried, cost) }
        }
        return best.setting
    }

    /// How far lines stay behind the longest one, 0 to 1. The end of a paragraph may be shorter, but no lone word.
    private func raggedness(_ text: String, _ setting: Setting) -> Double {
        withLayout(text, setting) { layout in
            var lines: [(width: Double, begins: Bool)] = []
            for index in 0..<pango_layout_get_line_count(layout) {
                guard let line = pango_layout_get_line_readonly(layout, index) else { continue }
                var logical = PangoRectangle()
                pango_layout_line_get_extents(line, nil, &logical)
                lines.append((Double(logical.width), pango_layout_line_is_paragraph_start(line) != 0))
            }
            let longest = lines.map(\.width).max() ?? 0
            guard longest > 0 else { return 0 }
            var sum = 0.0
            for (index, line) in lines.enumerated() {
                let isLast = index + 1 == lines.count || lines[index + 1].begins
                if isLast, line.begins { continue }
                sum += max((isLast ? 0.5 : 1) - line.width / longest, 0)
            }
            return sum / Double(lines.count)
        } ?? 0
    }

    /// The same in the narrowest column that needs no further line.
    private func balanced(_ text: String, _ setting: Setting) -> Setting {
        guard let width = setting.width else { return setting }
        let lines = measure(text, setting).lines
        var result = setting
        var (low, high) = (width * 0.5, width)
        for _ in 0..<7 {
            let middle = (low + high) / 2
            var tried = setting
            tried.width = middle
            let extent = measure(text, tried)
            if extent.lines == lines, extent.width <= middle {
                (result, high) = (tried, middle)
            } else {
                low = middle
            }
        }
        return result
    }

    private func shortened(_ text: String, width: Double, height: Double, size: Double) -> Fit {
        // Pango ends a paragraph with an ellipsis, never the text between two; then the paragraphs become one.
        let joined = CardText.joined(text)
        for candidate in [text, joined] {
            var limit = height
            for _ in 0..<8 {
                let setting = Setting(size: size, isBold: false, width: width, end: .height(limit), breaksWords: true)
                let extent = measure(candidate, setting)
                if extent.width <= width, extent.height <= height, extent.isEllipsized || candidate == joined {
                    return Fit(text: candidate, setting: setting, extent: extent)
                }
                limit -= size / 2
            }
        }
        let setting = Setting(size: size, isBold: false, width: width, end: .oneLine, breaksWords: true)
        return Fit(text: joined, setting: setting, extent: measure(joined, setting))
    }

    /// The space that a text takes. Infinite when Pango has no memory.
    func measure(_ text: String, _ setting: Setting) -> Extent {
        withLayout(text, setting) { layout in
            var logical = PangoRectangle()
            pango_layout_get_extents(layout, nil, &logical)
            let scale = Double(PANGO_SCALE)
            return Extent(
                lines: Int(pango_layout_get_line_count(layout)), width: Double(logical.width) / scale,
                height: Double(logical.height) / scale, isEllipsized: pango_layout_is_ellipsized(layout) != 0)
        } ?? Extent(lines: 0, width: .infinity, height: .infinity, isEllipsized: false)
    }

    /// Whether the first letter that has a direction is, say, Arabic or Hebrew.
    func isRightToLeft(_ text: String) -> Bool {
        let setting = Setting(size: 10, isBold: false, width: nil, end: .open, breaksWords: true)
        return withLayout(CardText.joined(text), setting) { layout in
            guard let line = pango_layout_get_line_readonly(layout, 0) else { return false }
            return pango_layout_line_get_resolved_direction(line) == PANGO_DIRECTION_RTL
        } ?? false
    }

    /// Calls `body` with a layout of plain text; nil when Pango has no memory.
    func withLayout<Result>(_ text: String, _ setting: Setting, _ body: (OpaquePointer) -> Result) -> Result? {
        guard let layout = pango_layout_new(context) else { return nil }
        defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
        let font = pango_font_description_from_string(Self.fonts)
        defer { pango_font_description_free(font) }
        pango_font_description_set_weight(font, setting.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
        pango_font_description_set_absolute_size(font, setting.size * Double(PANGO_SCALE))
        pango_layout_set_font_description(layout, font)
        // Never pango_layout_set_markup: the text is somebody else's.
        pango_layout_set_text(layout, text, -1)
        pango_layout_set_wrap(layout, setting.breaksWords ? PANGO_WRAP_WORD_CHAR : PANGO_WRAP_WORD)
        pango_layout_set_line_spacing(layout, setting.isBold ? 1 : 1.12)
        if let width = setting.width { pango_layout_set_width(layout, Int32(width * Double(PANGO_SCALE))) }
        switch setting.end {
        case .open: break
        case .height(let height):
            pango_layout_set_height(layout, Int32(max(height, 1) * Double(PANGO_SCALE)))
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        case .oneLine:
            pango_layout_set_single_paragraph_mode(layout, 1)
            pango_layout_set_height(layout, -1)
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END)
        }
        return body(layout)
    }
}
