import CPangoCairo
import Testing

@testable import BrandCards

@Suite struct CardLayoutTests {
    @Test(arguments: [
        "Hi", "Check out our new product!", String(repeating: "Long text that goes on and on. ", count: 60),
        String(repeating: "Donaudampfschifffahrtsgesellschaft", count: 8), "عرض الصيف الكبير يبدأ اليوم", "新製品をぜひご覧ください。",
        String(repeating: "line\n", count: 300), String(repeating: "a\n\nb ", count: 300), String(repeating: "🎉", count: 900),
        String(repeating: "W", count: 2000), "https://example.com/" + String(repeating: "path/", count: 200), "",
        "Sale 🎉 for عرض and 🎉 or 新製品 🎉 today",
    ])
    func textNeverOverflows(text: String) throws {
        let layout = try #require(CardLayout())
        for (width, height) in [(800.0, 600.0), (51, 40), (600, 1500), (4000, 30), (30, 4000)] {
            let fit = layout.fit(text, width: width, height: height, largest: min(width, height) * 0.2)
            let extent = layout.measure(fit.text, fit.setting)
            #expect(extent == fit.extent)
            #expect(extent.width <= width)
            #expect(extent.height <= height)
            // Ink may reach a little beyond the letters' boxes, as an italic f does: less than the card's margin.
            let ink = try #require(layout.withLayout(fit.text, fit.setting, Ink.init))
            let slack = fit.setting.size * 0.25
            #expect(ink.left >= -slack && ink.right <= width + slack)
            #expect(ink.top >= -slack && ink.bottom <= height + slack)
        }
    }

    @Test func shortTextIsLargerThanLongText() throws {
        let layout = try #require(CardLayout())
        let short = layout.fit("Sale", width: 800, height: 600, largest: 120)
        let long = layout.fit(String(repeating: "many words ", count: 30), width: 800, height: 600, largest: 120)
        #expect(short.setting.size == 120)
        #expect(long.setting.size < 80)
        #expect(!long.extent.isEllipsized)
    }

    @Test(arguments: [
        String(repeating: "many words ", count: 200), String(repeating: "a line\n", count: 200),
        String(repeating: "W", count: 2000),
    ])
    func textThatIsTooLongEndsWithAnEllipsis(text: String) throws {
        let fit = try #require(CardLayout()).fit(text, width: 800, height: 600, largest: 120)
        #expect(fit.extent.isEllipsized)
    }

    @Test func linesAreOfAboutOneLength() throws {
        let layout = try #require(CardLayout())
        let text = "Check out our new product today"
        let fit = layout.fit(text, width: 1500, height: 900, largest: 100)
        #expect(fit.extent.lines == 2)
        #expect(try #require(fit.setting.width) < 1200)
    }

    @Test(arguments: [
        "Good morning! What is everyone working on today?",
        "Webinar tomorrow: how to write a webhook receiver that never loses it",
        "Fresh croissants every morning from six. Come by and say hello!",
    ])
    func noLineIsALoneShortWord(text: String) throws {
        let layout = try #require(CardLayout())
        let fit = layout.fit(text, width: 864, height: 700, largest: 146)
        #expect(!fit.extent.isEllipsized && fit.setting.isBold)
        let widths = try #require(layout.withLayout(fit.text, fit.setting, lineWidths))
        let longest = try #require(widths.max())
        #expect(widths.allSatisfy { $0 > longest * 0.45 })
    }

    private func lineWidths(_ layout: OpaquePointer) -> [Double] {
        (0..<pango_layout_get_line_count(layout)).map { index in
            var logical = PangoRectangle()
            pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, index), nil, &logical)
            return Double(logical.width)
        }
    }

    /// Where a layout leaves ink, in pixels from its corner; x from where its column begins.
    private struct Ink {
        let left, right, top, bottom: Double

        init(_ layout: OpaquePointer) {
            var ink = PangoRectangle()
            pango_layout_get_extents(layout, &ink, nil)
            let scale = Double(PANGO_SCALE)
            left = Double(ink.x) / scale
            right = Double(ink.x + ink.width) / scale
            top = Double(ink.y) / scale
            bottom = Double(ink.y + ink.height) / scale
        }
    }

    @Test func wordsStayWholeWhileTheyFit() throws {
        let layout = try #require(CardLayout())
        #expect(!layout.fit("Donaudampfschifffahrt", width: 800, height: 600, largest: 90).setting.breaksWords)
        #expect(layout.fit(String(repeating: "Donau", count: 30), width: 800, height: 600, largest: 90).setting.breaksWords)
        // No blanks is not one word: Japanese breaks between its letters, at a large size.
        let japanese = layout.fit(String(repeating: "新製品をぜひご覧", count: 3), width: 800, height: 600, largest: 90)
        #expect(!japanese.setting.breaksWords)
        #expect(japanese.extent.lines > 1)
    }

    /// Emoji fonts contain digits, `#` and `*`, pale and wide, for keycaps.
    @Test func digitsAndHashtagsComeFromTheTextsFont() throws {
        let layout = try #require(CardLayout())
        let setting = CardLayout.Setting(size: 40, isBold: true, width: nil, end: .open, breaksWords: false)
        func fonts(_ text: String) throws -> Set<String> {
            let found = layout.withLayout(text, setting) { layout in
                var fonts: Set<String> = []
                let iterator = pango_layout_get_iter(layout)
                defer { pango_layout_iter_free(iterator) }
                repeat {
                    guard let run = pango_layout_iter_get_run_readonly(iterator), let item = run.pointee.item else { continue }
                    let font = pango_font_describe(item.pointee.analysis.font)
                    defer { pango_font_description_free(font) }
                    if let family = pango_font_description_get_family(font) { fonts.insert(String(cString: family)) }
                } while pango_layout_iter_next_run(iterator) != 0
                return fonts
            }
            return try #require(found)
        }
        let letters = try fonts("Sale")
        #expect(letters.count == 1)
        #expect(try fonts("Sale 2026 #1 *") == letters)
    }
}
