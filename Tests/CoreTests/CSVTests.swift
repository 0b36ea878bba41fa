import Testing

@testable import Core

@Suite struct CSVTests {
    @Test(arguments: [
        (["a", "b"], "a,b"), (["a,b", ""], "\"a,b\","), (["say \"hi\""], "\"say \"\"hi\"\"\""), (["x\ny"], "\"x\ny\""),
        (["=1+1", "+1", "-1", "@x"], "'=1+1,'+1,'-1,'@x"), (["a\r\nb"], "\"a\r\nb\""),
    ])
    func valuesAreQuotedAndFormulasDefused(values: [String], line: String) { #expect(CSV.line(values) == line) }
}
