import Core
import Testing

@Suite struct HTMLTextTests {
    @Test func markupBecomesText() {
        #expect(
            #"<a href="x" id='y'>&amp;</a>"#.htmlEscaped == "&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;")
        #expect("Grüße 😀".htmlEscaped == "Grüße 😀")
    }
}
