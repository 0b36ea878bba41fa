import Core
import Testing

@Suite struct HTMLTests {
    @Test func whatIsInterpolatedIsTextAndWhatIsWrittenIsMarkup() {
        let evil = "<script>\"&'"
        let cell: HTML = "<td title=\"\(evil)\">\(3)</td>"
        #expect(cell.text == "<td title=\"&lt;script&gt;&quot;&amp;&#39;\">3</td>")
        let row: HTML = "<tr>\(cell)\([cell, "<td></td>"])</tr>"
        #expect(row.text == "<tr>\(cell.text)\(cell.text)\n<td></td></tr>")
    }
}

@Suite struct KeyedTests {
    @Test func ofSeveralWithOneKeyTheFirstIsKept() {
        let words = ["one", "two", "three"].keyed { $0.count }
        #expect(words == [3: "one", 5: "three"])
    }
}
