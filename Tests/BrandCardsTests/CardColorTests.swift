import Testing

@testable import BrandCards

@Suite struct CardColorTests {
    @Test(arguments: [
        ("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#FFFFFF", 4.54), ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59), ("#16324f", "#f2a541", 6.38),
    ])
    func contrastIsThatOfWCAG(a: String, b: String, expected: Double) throws {
        let (first, second) = (try #require(CardColor(hex: a)), try #require(CardColor(hex: b)))
        #expect(abs(first.contrast(with: second) - expected) < 0.01)
        #expect(first.contrast(with: second) == second.contrast(with: first))
    }

    @Test func textIsReadableOnEveryBackground() throws {
        for red in stride(from: 0.0, through: 1, by: 0.125) {
            for green in stride(from: 0.0, through: 1, by: 0.125) {
                for blue in stride(from: 0.0, through: 1, by: 0.125) {
                    let background = CardColor(red: red, green: green, blue: blue)
                    #expect(background.contrast(with: background.readable) >= 4.5)
                }
            }
        }
    }

    @Test(arguments: ["#16324f", "#ffffff", "#000000", "#f2a541", "#777777", "#ff0000", "#00ff00", "#2a9d8f"])
    func theGradientAndTheShapeLeaveTheTextReadable(color: String) throws {
        let palette = try Palette([color, color])
        #expect(palette.deep.contrast(with: palette.text) >= 4.5)
        #expect(palette.background.mixed(with: palette.text, palette.shapeOpacity).contrast(with: palette.text) >= 4.5)
        #expect(palette.quiet.contrast(with: palette.background) >= 4.5)
        // An accent like the background would be invisible.
        #expect(palette.bar == palette.text)
    }

    @Test func aTextColourThatWasGivenIsUsed() throws {
        #expect(try Palette(["#000000", "#ffffff", "#ff0000"]).text == CardColor(red: 1, green: 0, blue: 0))
    }

    @Test(arguments: ["", "#", "16324f", "#16324", "#16324ff", "#+12345", "#-12345", "#１２", "#12 456", "red", "#12345g"])
    func whatIsNoColourIsNone(text: String) {
        #expect(CardColor(hex: text) == nil)
    }
}
