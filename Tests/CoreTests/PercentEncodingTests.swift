import Testing

@testable import Core

@Suite struct PercentEncodingTests {
    @Test(arguments: [
        ("aZ09-._~", "aZ09-._~"), ("a b&c=d", "a%20b%26c%3Dd"), ("/?#+%", "%2F%3F%23%2B%25"), ("ü🎉", "%C3%BC%F0%9F%8E%89"),
        ("", ""),
    ])
    func onlyTheUnreservedStaysAsItIs(text: String, encoded: String) { #expect(text.percentEncoded == encoded) }

    @Test func aFormKeepsItsOrderAndEncodesNamesToo() {
        #expect(FormEncoding.encode([("b&", "1"), ("a", "x y"), ("b&", "")]) == "b%26=1&a=x%20y&b%26=")
    }
}
