import Testing

@testable import BrandCards

@Suite struct CardTextTests {
    @Test(arguments: [
        ("a\u{0}b\u{7}\u{1B}[31mc\u{9F}", "ab[31mc"), ("a\r\nb\rc\u{2028}d", "a\nb\nc\nd"), ("a\n\n\n \n\nb", "a\n\n b"),
        (" \n a\tb \n", "a b"), ("a\u{202E}b\u{FEFF}\u{FFFC}\u{FFFF}", "ab"), ("👩‍👩‍👧‍👦 🏳️‍🌈", "👩‍👩‍👧‍👦 🏳️‍🌈"), ("a\r\n\r\nb", "a\n\nb"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
    ])
    func onlyWhatCanBeReadIsKept(text: String, expected: String) {
        #expect(CardText.headline(text) == expected)
    }

    @Test func accentsAndLengthAreBounded() {
        #expect(CardText.headline("Z" + String(repeating: "\u{301}", count: 1000)).unicodeScalars.count == 7)
        let long = CardText.headline(String(repeating: "a", count: 5000))
        #expect(long.unicodeScalars.count == 2001)
        #expect(long.hasSuffix("a…"))
    }

    @Test func aBrandsNameIsOneShortLine() {
        #expect(CardText.brand("Acme\nCorporation\r\nof  all") == "Acme Corporation of  all")
        #expect(CardText.brand(String(repeating: "a", count: 500)).count == 101)
    }
}
