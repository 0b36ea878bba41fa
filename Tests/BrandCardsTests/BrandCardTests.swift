import CPangoCairo
import Foundation
import PictureSupport
import Testing

@testable import BrandCards

@Suite struct BrandCardTests {
    private func card(
        _ text: String, colors: [String] = ["#16324f", "#f2a541"], width: Int = 400, height: Int = 300
    ) -> BrandCard {
        BrandCard(text: text, brandName: "Acme", colors: colors, width: width, height: height)
    }

    @Test(arguments: [(400, 300), (1080, 1080), (64, 64), (4096, 64), (64, 4096)])
    func aPNGHasTheSizeThatWasAskedFor(width: Int, height: Int) throws {
        let png = try card("Check out our new product!", width: width, height: height).render(.png)
        #expect(png.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        let picture = try Picture(png: png)
        #expect(picture.width == width)
        #expect(picture.height == height)
    }

    @Test(arguments: [(400, 300), (1080, 1080), (65, 4096)])
    func aJPEGIsWholeAndHasTheSizeThatWasAskedFor(width: Int, height: Int) throws {
        let jpeg = try card("Check out our new product!", width: width, height: height).render(.jpeg)
        #expect(jpeg.prefix(3) == [0xFF, 0xD8, 0xFF])
        #expect(jpeg.suffix(2) == [0xFF, 0xD9])
        // Start of frame: marker, length (2), precision (1), height (2), width (2).
        let frame = try #require(jpeg.indices.dropLast(9).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        #expect(Int(jpeg[frame + 5]) << 8 | Int(jpeg[frame + 6]) == height)
        #expect(Int(jpeg[frame + 7]) << 8 | Int(jpeg[frame + 8]) == width)
        // Instagram's limit is 8 MB.
        #expect(jpeg.count < 1024 * 1024)
    }

    @Test func theGroundAndTheCornerHaveTheBrandsColours() throws {
        let picture = try Picture(png: card("Check out our new product!").render(.png))
        #expect(picture.color(x: 0, y: 0) == 0x16324F)
        #expect(picture.color(x: 398, y: 298) == 0xF2A541)
    }

    @Test func aCardInArabicIsMirrored() throws {
        let picture = try Picture(png: card("عرض الصيف الكبير يبدأ اليوم").render(.png))
        #expect(picture.color(x: 399, y: 0) == 0x16324F)
        #expect(picture.color(x: 1, y: 298) == 0xF2A541)
        let layout = try #require(CardLayout())
        #expect(layout.isRightToLeft("123 עברית"))
        #expect(!layout.isRightToLeft("Sale عرض"))
        #expect(!layout.isRightToLeft(""))
    }

    @Test(arguments: [
        "Hello #sale 50%", String(repeating: "Long text that goes on. ", count: 90), String(repeating: "x\n", count: 500),
    ])
    func textStaysWithinTheMarginsAndClearOfTheBar(text: String) throws {
        let picture = try Picture(png: card(text, width: 600, height: 600).render(.png))
        // Only text is white; the margins are 60 pixels, the bar begins at 490.
        var outside = 0
        for y in 0..<600 {
            for x in 0..<600 where x < 57 || x > 543 || y < 57 || (470..<500).contains(y) {
                if picture.color(x: x, y: y) == 0xFFFFFF { outside += 1 }
            }
        }
        #expect(outside == 0)
        #expect(picture.has(0xFFFFFF))
    }

    @Test(arguments: [
        "<b>no markup</b> &amp; <span size='9999999'>", "emoji 🎉🎉🎉 \u{0}\u{7}\u{1B}[31m control", "", " \n\t ",
        "\u{202E}\u{2066}", "Z" + String(repeating: "\u{301}\u{330}", count: 50_000), String(repeating: "🎉", count: 5000),
        "\u{FFFF}\u{10FFFF}", String(repeating: "\n", count: 100_000), String(repeating: "\u{200D}", count: 3000),
        "新製品をぜひご覧ください。",
    ])
    func hostileTextIsDrawnAsAnyOther(text: String) throws {
        let hostile = BrandCard(text: text, brandName: text, colors: [], width: 320, height: 320)
        let picture = try Picture(png: hostile.render(.png))
        #expect(picture.width == 320)
        #expect(try hostile.render(.jpeg).suffix(2) == [0xFF, 0xD9])
    }

    /// script/bootstrap installs a colour emoji font.
    @Test(arguments: ["🎉", "🏳️‍🌈", "❤️", "1️⃣"])
    func emojiAreEmojiAndNoBoxes(text: String) throws {
        let layout = try #require(CardLayout())
        let setting = CardLayout.Setting(size: 40, isBold: true, width: nil, end: .open, breaksWords: false)
        #expect(layout.withLayout(text, setting, pango_layout_get_unknown_glyphs_count) == 0)
        // A box or an outline would be the text's white on the dark ground: shades of one line. These are colours.
        let picture = try Picture(png: card(text, colors: ["#000000", "#000000"]).render(.png))
        #expect(picture.hasHue)
        let letters = try Picture(png: card("Sale", colors: ["#000000", "#000000"]).render(.png))
        #expect(!letters.hasHue)
    }

    @Test func theSameCardIsTheSameBytesOnEveryThread() async throws {
        let first = try card("Summer sale 🎉").render(.png)
        let same = await withTaskGroup(of: [UInt8]?.self) { group in
            for _ in 0..<20 { group.addTask { try? card("Summer sale 🎉").render(.png) } }
            return await group.reduce(into: 0) { count, bytes in count += bytes == first ? 1 : 0 }
        }
        #expect(same == 20)
    }

    @Test func whatCannotBeDrawnSaysWhy() {
        #expect(throws: BrandCardError.color("red")) { try card("x", colors: ["red"]).render(.png) }
        #expect(throws: BrandCardError.color("#ggg")) { try card("x", colors: ["#16324f", "#ggg"]).render(.png) }
        #expect(throws: BrandCardError.color("#+12345")) { try card("x", colors: ["#+12345"]).render(.png) }
        for (width, height) in [(63, 300), (4097, 300), (300, 63), (300, 4097), (.max, .min)] {
            #expect(throws: BrandCardError.size(width: width, height: height)) {
                try card("x", width: width, height: height).render(.png)
            }
        }
        #expect("\(BrandCardError.color("red"))" == "\"red\" is no colour; colours look like #1a2b3c")
        #expect(!"\(BrandCardError.color("\u{1B}[31m\n"))".unicodeScalars.contains { $0.value < 0x20 })
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
