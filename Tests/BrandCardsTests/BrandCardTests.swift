import CPangoCairo
import Foundation
import Testing

@testable import BrandCards

@Suite struct BrandCardTests {
    static let colors = ["#16324f", "#f2a541"]

    private func card(_ text: String, colors: [String] = colors, width: Int = 400, height: Int = 300) -> BrandCard {
        BrandCard(text: text, brandName: "Acme", colors: colors, width: width, height: height)
    }

    @Test func aPNGHasTheSizeThatWasAskedFor() throws {
        let png = try card("Check out our new product!").render(.png)
        #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        func number(_ offset: Int) -> Int { png[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(number(16) == 400)
        #expect(number(20) == 300)
    }

    @Test func aJPEGIsWholeAndSmall() throws {
        let jpeg = try card("Check out our new product!", width: 1080, height: 1080).render(.jpeg)
        #expect(jpeg.prefix(3) == [0xFF, 0xD8, 0xFF])
        #expect(jpeg.suffix(2) == [0xFF, 0xD9])
        #expect(jpeg.count < 8 * 1024 * 1024)
    }

    @Test func theGroundHasTheBrandsColour() throws {
        let png = try card("").render(.png)
        var rest = png[...]
        let surface = withUnsafeMutablePointer(to: &rest) { source in
            cairo_image_surface_create_from_png_stream(
                { closure, data, count in
                    guard let source = closure?.assumingMemoryBound(to: ArraySlice<UInt8>.self),
                        source.pointee.count >= Int(count)
                    else { return CAIRO_STATUS_READ_ERROR }
                    for index in 0..<Int(count) { data?[index] = source.pointee.removeFirst() }
                    return CAIRO_STATUS_SUCCESS
                }, source)
        }
        defer { cairo_surface_destroy(surface) }
        let data = try #require(cairo_image_surface_get_data(surface))
        let corner = data + Int(cairo_image_surface_get_stride(surface)) * 299
        // Blue, green, red: the gradient ends in #16324f.
        #expect(abs(Int(corner[0]) - 0x4F) <= 12)
        #expect(abs(Int(corner[1]) - 0x32) <= 12)
        #expect(abs(Int(corner[2]) - 0x16) <= 12)
    }

    @Test(arguments: [
        "Hi", "Check out our new product!", String(repeating: "Long text that goes on and on. ", count: 60),
        String(repeating: "Donaudampfschifffahrtsgesellschaft", count: 8), "عرض الصيف الكبير يبدأ اليوم", "新製品をぜひご覧ください。",
        "<b>no markup</b> &amp; <span size='9999999'>", "line\nline\n\n\nline", "emoji 🎉🎉🎉 \u{0}\u{7}\u{1B}[31m control", "",
    ])
    func textNeverOverflows(text: String) throws {
        let layout = try #require(CardLayout(fonts: CardDrawing.fonts))
        let fit = layout.fit(text, width: 800, height: 600, largest: 120)
        #expect(fit.extent.width <= 800)
        #expect(fit.extent.height <= 600)
        #expect(try !card(text).render(.jpeg).isEmpty)
    }

    @Test func shortTextIsLargerThanLongText() throws {
        let layout = try #require(CardLayout(fonts: CardDrawing.fonts))
        let short = layout.fit("Sale", width: 800, height: 600, largest: 120)
        let long = layout.fit(String(repeating: "many words ", count: 30), width: 800, height: 600, largest: 120)
        #expect(short.size > long.size)
    }

    @Test func theSameCardIsTheSameBytesOnEveryThread() async throws {
        let first = try card("Summer sale").render(.png)
        await withTaskGroup(of: [UInt8]?.self) { group in
            for _ in 0..<20 { group.addTask { try? card("Summer sale").render(.png) } }
            for await bytes in group { #expect(bytes == first) }
        }
    }

    @Test func whatCannotBeDrawnSaysWhy() {
        #expect(throws: BrandCardError.color("red")) { try card("x", colors: ["red"]).render(.png) }
        #expect(throws: BrandCardError.size(width: 5000, height: 300)) { try card("x", width: 5000).render(.png) }
        #expect("\(BrandCardError.color("red"))".contains("#1a2b3c"))
    }

    @Test(arguments: [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)])
    func contrastIsThatOfWCAG(a: String, b: String, expected: Double) throws {
        let first = try #require(CardColor(hex: a))
        #expect(abs(first.contrast(with: try #require(CardColor(hex: b))) - expected) < 0.01)
    }

    @Test(arguments: ["#16324f", "#ffffff", "#f2a541", "#777777", "#ff0000", "#00ff00"])
    func textIsReadableOnEveryBackground(color: String) throws {
        let background = try #require(CardColor(hex: color))
        #expect(background.contrast(with: background.readable) >= 4.3)
    }

    /// Renews the picture in the README: AUDENCI_WRITE_SAMPLE=1 swift test --filter BrandCardTests
    @Test(.enabled(if: ProcessInfo.processInfo.environment["AUDENCI_WRITE_SAMPLE"] != nil))
    func writesTheSampleOfTheREADME() throws {
        let sample = try card("Check out our new product!", width: 1080, height: 1080).render(.png)
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../docs/images/brand-card.png")
        try Data(sample).write(to: file)
        #expect(sample.count < 200 * 1024)
    }
}
