import Core
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        #"{"a":1,"b":[true,false,null,"x"],"c":{"d":-1.5}}"#, #""\u00e9\ud83d\ude00""#, "0", "-0", "[]", "{}", "1e3",
        "  [1 , 2]\n",
    ])
    func readsWhatRFC8259Allows(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(try JSONValue(parsing: value.bytes) == value)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "01", "1.", "+1", "nul", "\"a", "\"\u{1}\"", "[1] 2", "{a:1}", "{\"a\":1,\"a\":2}",
        #""\ud800""#, #""\x""#, "NaN", "1e999", "'a'", "\u{FEFF}{}",
        String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
    ])
    func refusesEverythingElse(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    }

    @Test func refusesBytesThatAreNotUTF8() {
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func keepsTheOrderOfKeysAndEscapesOnlyWhatMustBe() throws {
        let text = #"{"z":"a\"b\\c/d\n\u0001é😀","a":1}"#
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test func wholeNumbersBeyond64BitsBecomeDoubles() throws {
        #expect(try JSONValue(parsing: "9223372036854775807") == .int(.max))
        #expect(try JSONValue(parsing: "9223372036854775808").double == 9_223_372_036_854_775_808)
    }
}
