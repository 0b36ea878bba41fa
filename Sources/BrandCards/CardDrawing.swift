import CPangoCairo

/// One card on its way onto a surface.
struct CardDrawing {
    let context: OpaquePointer
    let width: Double
    let height: Double
    let palette: Palette
    let text: String
    let brandName: String
    let layout: CardLayout

    static let fonts = "Inter, DejaVu Sans, Noto Color Emoji, sans-serif"

    private var margin: Double { min(width, height) * 0.1 }
    private var brandSize: Double { min(width, height) * 0.034 }
    /// Where the text may be.
    private var textWidth: Double { width - 2 * margin }
    private var textHeight: Double { height - 2 * margin - brandSize * 3.2 }

    func draw() {
        drawBackground()
        drawText()
        drawBrand()
    }

    private func drawBackground() {
        let light = palette.background.mixed(with: palette.background.readable, 0.06)
        let gradient = cairo_pattern_create_linear(0, 0, width * 0.6, height)
        defer { cairo_pattern_destroy(gradient) }
        cairo_pattern_add_color_stop_rgb(gradient, 0, light.red, light.green, light.blue)
        cairo_pattern_add_color_stop_rgb(gradient, 1, palette.background.red, palette.background.green, palette.background.blue)
        cairo_set_source(context, gradient)
        cairo_paint(context)
        // A large, faint ring in the accent's colour gives the plain ground some depth.
        cairo_set_source_rgba(context, palette.accent.red, palette.accent.green, palette.accent.blue, 0.1)
        cairo_set_line_width(context, min(width, height) * 0.09)
        cairo_arc(context, width * 0.98, height * 0.04, min(width, height) * 0.36, 0, 2 * Double.pi)
        cairo_stroke(context)
    }

    private func drawText() {
        let (size, measured) = layout.fit(text, width: textWidth, height: textHeight, largest: min(width, height) * 0.115)
        guard let layout = self.layout.make(text, size: size, width: measured.width, height: textHeight) else { return }
        defer { g_object_unref(layout) }
        cairo_set_source_rgb(context, palette.text.red, palette.text.green, palette.text.blue)
        // A little above the middle looks centred to the eye.
        cairo_move_to(context, margin, margin + max((textHeight - measured.height) * 0.46, 0))
        pango_cairo_show_layout(context, OpaquePointer(layout))
    }

    private func drawBrand() {
        let baseline = height - margin - brandSize
        cairo_set_source_rgb(context, palette.accent.red, palette.accent.green, palette.accent.blue)
        cairo_rectangle(context, margin, baseline - brandSize * 0.9, brandSize * 2.4, max(brandSize * 0.22, 2))
        cairo_fill(context)
        guard
            let layout = self.layout.make(
                brandName, size: brandSize, width: textWidth, height: brandSize * 1.6)
        else { return }
        defer { g_object_unref(layout) }
        cairo_set_source_rgba(context, palette.text.red, palette.text.green, palette.text.blue, 0.85)
        cairo_move_to(context, margin, baseline - brandSize * 0.15)
        pango_cairo_show_layout(context, OpaquePointer(layout))
    }
}
