import Core
import Foundation
import PictureSupport
import Testing

@testable import BrandCards

@Suite struct CardLogoTests {
    /// Pixels as 0xAARRGGBB gives them.
    private func bitmap(_ width: Int, _ height: Int, _ color: (_ x: Int, _ y: Int) -> UInt32) throws -> Bitmap {
        var pixels: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width { pixels += [16, 8, 0, 24].map { UInt8(truncatingIfNeeded: color(x, y) >> $0) } }
        }
        return try #require(Bitmap(width: width, height: height, pixels: pixels))
    }

    /// A filled square in a transparent frame.
    private func square(_ color: UInt32) throws -> Bitmap {
        try bitmap(100, 100) { x, y in (20..<80).contains(x) && (20..<80).contains(y) ? color : 0 }
    }

    private func picture(
        _ logo: Bitmap?, _ text: String = "Sale", colors: [String] = ["#000000", "#202020"], brandName: String = "Acme"
    ) throws -> Picture {
        try Picture(
            png: BrandCard(text: text, brandName: brandName, colors: colors, logo: logo, width: 1000, height: 1000).render(.png)
        )
    }

    @Test func theLogoStandsAtTheMarginInItsOwnColours() throws {
        let picture = try picture(square(0xFF_FF8000))
        // The margin is 100 pixels, the logo 100 high.
        #expect(picture.color(x: 150, y: 850) == 0xFF8000)
        #expect(picture.color(x: 125, y: 825) == 0xFF8000)
        #expect(picture.color(x: 110, y: 850) == picture.color(x: 90, y: 850))
        #expect(picture.color(x: 150, y: 810) != 0xFF8000)
    }

    @Test func aMirroredCardHasItOnTheRight() throws {
        let picture = try picture(square(0xFF_FF8000), "عرض الصيف الكبير")
        #expect(picture.color(x: 850, y: 850) == 0xFF8000)
        #expect(picture.color(x: 150, y: 850) != 0xFF8000)
    }

    @Test func whatWouldNotShowGetsAPlate() throws {
        let dark = try square(0xFF_101010)
        let plated = try picture(dark)
        #expect(plated.color(x: 150, y: 850) == 0x101010)
        #expect(plated.color(x: 108, y: 850) == 0xFFFFFF)
        let light = try picture(dark, colors: ["#ffffff", "#dddddd"])
        #expect(light.color(x: 150, y: 850) == 0x101010)
        #expect(light.color(x: 108, y: 850) == light.color(x: 90, y: 850))
        let white = try picture(square(0xFF_FFFFFF), colors: ["#ffffff", "#dddddd"])
        #expect(white.color(x: 150, y: 850) == 0xFFFFFF)
        #expect(white.color(x: 108, y: 850) == 0x111419)
    }

    @Test func aLogoWithoutTransparencyGetsNone() throws {
        let picture = try picture(bitmap(100, 100) { _, _ in 0xFF_101010 })
        #expect(picture.color(x: 102, y: 802) == 0x101010)
        #expect(picture.color(x: 198, y: 898) == 0x101010)
    }

    @Test func halfTransparentPixelsLetTheGroundThrough() throws {
        let mixed = try picture(bitmap(100, 100) { x, _ in x < 80 ? 0xFF_FFFFFF : 0x80_FF0000 })
        #expect(mixed.color(x: 190, y: 850) == 0x800000)
    }

    @Test func theNameStandsBesideASquareLogoAndNotBesideAWordmark() throws {
        let (square, wordmark) = (try square(0xFF_FF8000), try bitmap(300, 100) { _, _ in 0xFF_FF8000 })
        func differs(_ logo: Bitmap) throws -> Bool {
            let (named, nameless) = (try picture(logo), try picture(logo, brandName: ""))
            return (210..<900).contains { x in (800..<900).contains { named.color(x: x, y: $0) != nameless.color(x: x, y: $0) }
            }
        }
        #expect(try differs(square))
        #expect(try !differs(wordmark))
    }

    @Test(arguments: [String(repeating: "Long text that goes on. ", count: 90), String(repeating: "x\n", count: 500)])
    func longTextStaysClearOfTheLogo(text: String) throws {
        let picture = try picture(square(0xFF_FF8000), text)
        let above = (785..<800).contains { y in (0..<1000).contains { picture.color(x: $0, y: y) == 0xFFFFFF } }
        #expect(!above)
        #expect(picture.has(0xFFFFFF))
    }

    @Test(arguments: [(1, 1), (4096, 1), (1, 4096), (4096, 300)])
    func anyShapeStaysWithinItsPlace(width: Int, height: Int) throws {
        let picture = try picture(bitmap(width, height) { _, _ in 0xFF_00FF00 }, brandName: "")
        for y in 0..<1000 {
            for x in 0..<1000 where picture.color(x: x, y: y) == 0x00FF00 {
                try #require((100...580).contains(x) && (800..<900).contains(y))
            }
        }
    }

    @Test func whatShowsNothingCountsAsNone() throws {
        let (nothing, none) = (try picture(bitmap(40, 40) { _, _ in 0x00_FFFFFF }), try picture(nil))
        #expect(
            (0..<1000).allSatisfy { x in (780..<1000).allSatisfy { nothing.color(x: x, y: $0) == none.color(x: x, y: $0) } })
        #expect(Bitmap(width: 2, height: 2, pixels: [UInt8](repeating: 0, count: 15)) == nil)
        #expect(Bitmap(width: 0, height: 2, pixels: []) == nil)
        #expect(Bitmap(width: .max, height: 2, pixels: []) == nil)
    }

    /// Renews the picture in docs/ai.md: AUDENCI_WRITE_SAMPLE=1 swift test --filter CardLogoTests
    @Test(.enabled(if: ProcessInfo.processInfo.environment["AUDENCI_WRITE_SAMPLE"] != nil))
    func writesTheSampleOfTheDocuments() throws {
        // A dark loaf with three cuts, on nothing: it needs the plate.
        let loaf = try bitmap(400, 400) { x, y in
            let (across, down) = (Double(x - 200) / 190, Double(y - 200) / 130)
            guard across * across + down * down < 1 else { return 0 }
            let isCut = [110, 200, 290].contains { abs(x - $0 + (y - 200) / 3) < 14 && abs(y - 200) < 70 }
            return isCut ? 0xFF_F2A541 : 0xFF_5A2E12
        }
        let card = BrandCard(
            text: "Fresh rye bread from six in the morning", brandName: "Acme Bakery", colors: ["#16324f", "#f2a541"],
            logo: loaf,
            width: 1080, height: 1080)
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../docs/images/brand-card-logo.png")
        let sample = try card.render(.png)
        try Data(sample).write(to: file)
        #expect(sample.count < 200 * 1024)
    }
}
