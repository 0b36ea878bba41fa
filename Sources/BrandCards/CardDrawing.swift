import CPangoCairo

/// One card on its way onto a surface.
struct CardDrawing {
    let context: OpaquePointer
    let width: Double
    let height: Double
    let palette: Palette
    let text: String
    let brandName: String
    let logo: CardLogo?
    let layout: CardLayout

    private var side: Double { min(width, height) }
    private var margin: Double { side * 0.1 }
    private var brandSize: Double { side * 0.036 }
    /// Where the signature begins: the brand's logo, or a bar with its name below.
    private var signatureTop: Double { height - margin - (logo == nil ? brandSize * 2.3 : logoHeight) }
    private var logoHeight: Double { side * 0.1 }
    /// Where the text may be.
    private var textWidth: Double { width - 2 * margin }
    private var textHeight: Double { signatureTop - brandSize * 1.2 - margin }
    /// A card without text shows its brand's name instead.
    private var headline: String { text.isEmpty ? brandName : text }

    func draw() {
        // A card that reads from the right is mirrored.
        let mirrored = layout.isRightToLeft(headline)
        drawBackground(mirrored)
        drawText(mirrored)
        if let logo { drawLogo(logo, mirrored) } else { drawBar(mirrored) }
    }

    private func drawBackground(_ mirrored: Bool) {
        let (start, end) = (palette.background, palette.deep)
        let gradient = cairo_pattern_create_linear(mirrored ? width : 0, 0, mirrored ? 0 : width, height)
        defer { cairo_pattern_destroy(gradient) }
        cairo_pattern_add_color_stop_rgb(gradient, 0, start.red, start.green, start.blue)
        cairo_pattern_add_color_stop_rgb(gradient, 0.35, start.red, start.green, start.blue)
        cairo_pattern_add_color_stop_rgb(gradient, 1, end.red, end.green, end.blue)
        cairo_set_source(context, gradient)
        cairo_paint(context)
        let corner = mirrored ? 0 : width
        // A large, faint ring gives the plain ground some depth; text may run across it.
        let tone = palette.text
        cairo_set_source_rgba(context, tone.red, tone.green, tone.blue, palette.shapeOpacity)
        cairo_set_line_width(context, side * 0.13)
        cairo_arc(context, corner, height, side * 0.36, 0, 2 * Double.pi)
        cairo_stroke(context)
        // The disc in the full accent stays within the margin, where no text comes.
        let accent = palette.bar
        cairo_set_source_rgb(context, accent.red, accent.green, accent.blue)
        cairo_arc(context, corner, height, margin, 0, 2 * Double.pi)
        cairo_fill(context)
    }

    private func drawText(_ mirrored: Bool) {
        guard !headline.isEmpty else { return }
        let fit = layout.fit(headline, width: textWidth, height: textHeight, largest: side * 0.135)
        // A little above the middle looks centred to the eye; long text starts at the margin.
        let top = margin + max((textHeight - fit.extent.height) * 0.44, 0)
        cairo_save(context)
        defer { cairo_restore(context) }
        // Towers of accents reach far out of their line; the signature stays clear of them.
        cairo_rectangle(context, 0, 0, width, signatureTop - brandSize * 0.3)
        cairo_clip(context)
        show(fit.text, fit.setting, inset: 0, top: top, color: palette.text, mirrored)
    }

    private func drawBar(_ mirrored: Bool) {
        let bar = palette.bar
        let length = brandSize * 2.4
        cairo_set_source_rgb(context, bar.red, bar.green, bar.blue)
        cairo_rectangle(
            context, mirrored ? width - margin - length : margin, signatureTop, length, max(brandSize * 0.22, 2))
        cairo_fill(context)
        drawBrand(inset: 0, top: signatureTop + brandSize * 0.95, mirrored)
    }

    /// The logo at the margin, with the brand's name beside it unless the logo says it.
    private func drawLogo(_ logo: CardLogo, _ mirrored: Bool) {
        let plate = logo.plate(on: palette.background)
        let padding = plate == nil ? 0 : logoHeight * 0.14
        let size = logo.size(within: (textWidth * 0.6 - 2 * padding, logoHeight - 2 * padding))
        let (outerWidth, outerHeight) = (size.width + 2 * padding, size.height + 2 * padding)
        let left = mirrored ? width - margin - outerWidth : margin
        let top = height - margin - outerHeight
        if let plate {
            cairo_set_source_rgb(context, plate.red, plate.green, plate.blue)
            roundedRectangle(x: left, y: top, width: outerWidth, height: outerHeight, radius: padding)
            cairo_fill(context)
        }
        logo.draw(on: context, x: left + padding, y: top + padding, width: size.width)
        guard !logo.isWordmark else { return }
        drawBrand(inset: outerWidth + brandSize * 0.7, top: top + outerHeight / 2 - brandSize * 0.62, mirrored)
    }

    private func roundedRectangle(x: Double, y: Double, width: Double, height: Double, radius: Double) {
        let right = Double.pi / 2
        cairo_new_sub_path(context)
        cairo_arc(context, x + width - radius, y + radius, radius, -right, 0)
        cairo_arc(context, x + width - radius, y + height - radius, radius, 0, right)
        cairo_arc(context, x + radius, y + height - radius, radius, right, 2 * right)
        cairo_arc(context, x + radius, y + radius, radius, 2 * right, 3 * right)
        cairo_close_path(context)
    }

    private func drawBrand(inset: Double, top: Double, _ mirrored: Bool) {
        guard !brandName.isEmpty, !text.isEmpty else { return }
        let setting = CardLayout.Setting(
            size: brandSize, isBold: true, width: textWidth - inset, end: .oneLine, breaksWords: true)
        show(brandName, setting, inset: inset, top: top, color: palette.quiet, mirrored)
    }

    /// Sets text against the margin at which a line begins, `inset` further in.
    private func show(
        _ text: String, _ setting: CardLayout.Setting, inset: Double, top: Double, color: CardColor, _ mirrored: Bool
    ) {
        _ = layout.withLayout(text, setting) { layout in
            var logical = PangoRectangle()
            pango_layout_get_extents(layout, nil, &logical)
            let scale = Double(PANGO_SCALE)
            let start = Double(logical.x) / scale
            let edge = margin + inset
            let left = mirrored ? width - edge - Double(logical.width) / scale - start : edge - start
            cairo_set_source_rgb(context, color.red, color.green, color.blue)
            cairo_move_to(context, left, top)
            pango_cairo_show_layout(context, layout)
        }
    }
}
