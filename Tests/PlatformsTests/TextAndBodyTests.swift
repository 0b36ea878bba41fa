import Core
import Testing

@testable import Platforms

@Suite struct TextAndBodyTests {
    @Test(arguments: [
        ("plain", "plain"), ("a\nb", "a\nb"), ("a\n\nb", "a\n\nb"), ("<script>alert('x')</script> & \"y\" &amp;", nil),
        ("see https://a.example/x?y=1&z=<2> now", nil), ("@ada hi", nil), ("#spring", nil), ("1 < 2 > 0 &lt; &#39;", nil),
        ("ends in https://a.example/", nil), ("🎉 👩‍👩‍👧‍👦", nil),
    ])
    func whatTheSimulatorRendersReadsAsItWasWritten(text: String, expected: String?) {
        #expect(PostText.plain(html: StatusHTML.render(text)) == expected ?? text)
    }

    /// As a Mastodon 4 server writes it.
    @Test func realMastodonMarkupReadsAsItWasWritten() {
        let html = """
            <p>Hi <span class="h-card" translate="no"><a href="https://a.example/@ada" class="u-url mention">\
            @<span>ada</span></a></span>, \
            see <a href="https://b.example/long/path?x=1&amp;y=2" rel="nofollow noopener" target="_blank">\
            <span class="invisible">https://</span>\
            <span class="ellipsis">b.example/long/p</span><span class="invisible">ath?x=1&amp;y=2</span></a><br />\
            <a href="https://a.example/tags/spring" class="mention hashtag" rel="tag">#<span>spring</span></a></p>\
            <p>It&#39;s &quot;here&quot;</p>
            """
        let text = "Hi @ada@a.example, see https://b.example/long/path?x=1&y=2\n#spring\n\nIt's \"here\""
        #expect(PostText.folded(PostText.plain(html: html)) == PostText.folded(text))
    }

    @Test(arguments: ["<", "<p", "&", "&amp", "&;", "&#;", "&#x;", "&#xFFFFFFFF;", "&#55296;", "</p></p>", "<<>>", "&&&&", ""])
    func brokenMarkupIsNoProblem(html: String) {
        #expect(PostText.plain(html: html).count <= html.count)
    }

    @Test(arguments: [
        ("a  b\n\n c ", "a b c"), ("\u{200B}a\u{FEFF}b", "ab"), ("@ada@a.example, hi", "@ada, hi"),
        ("me@a.example", "me@a.example"),
        ("@ada@a.example.", "@ada."), ("e\u{301}", "é"), ("@@", "@@"), ("@ada@", "@ada@"), ("@a@b@c", "@a@c"),
    ])
    func foldingDropsWhatReadersDoNotSee(text: String, folded: String) {
        #expect(PostText.folded(text) == folded)
    }

    @Test(arguments: ["a=b&c", "grüße +%20", "\u{0}\n", "😀", "", "a b"])
    func formsComeBackAsTheyWere(text: String) {
        let decoded = FormBody.decode(FormEncoding.encode([("näme&=", text), ("x", "")]))
        #expect(decoded.map(\.name) == ["näme&=", "x"])
        #expect(decoded.map(\.value) == [text, ""])
    }

    @Test(arguments: ["%", "%z", "%1", "%zz", "a=%&b", "=", "&", "%FF%FE", "a==b"])
    func brokenFormsAreReadAsFarAsTheyGo(text: String) {
        #expect(FormBody.decode(text).count <= 2)
    }

    @Test func multipartComesBackAsItWas() throws {
        var body = MultipartBody(seed: "seed")
        let picture: [UInt8] = Array("\r\n--audenci\r\n\r\n--audenci-see".utf8) + [0, 255, 13, 10]
        body.add("description", "Line one\r\nline two")
        body.addFile("file", filename: "a.png", contentType: "image/png", bytes: picture)
        body.add("empty", "")
        let parts = try #require(MultipartBody.parts(of: body.closed(), contentType: body.contentType))
        #expect(parts.map(\.name) == ["description", "file", "empty"])
        #expect(parts.map(\.filename) == [nil, "a.png", nil])
        #expect(parts.map { String(decoding: $0.bytes, as: UTF8.self) }.first == "Line one\r\nline two")
        #expect(parts[1].bytes == picture)
        #expect(parts[2].bytes.isEmpty)
    }

    @Test func brokenMultipartIsRefused() {
        var body = MultipartBody(seed: "s")
        body.add("a", "b")
        let whole = body.closed()
        for count in 0..<(whole.count - 4) {
            #expect(MultipartBody.parts(of: Array(whole.prefix(count)), contentType: body.contentType)?.count == nil)
        }
        #expect(MultipartBody.parts(of: whole, contentType: "multipart/form-data")?.count == nil)
        #expect(MultipartBody.parts(of: whole, contentType: "multipart/form-data; boundary=")?.count == nil)
        #expect(MultipartBody.parts(of: whole, contentType: "text/plain; boundary=audenci-s")?.count == nil)
    }

    @Test(arguments: [
        ("https://a.example/v1/x?y=1&z=%20#top", "/v1/x", ["y", "z"]), ("https://a.example", "/", []), ("/x?y", "/x", ["y"]),
        ("https://a.example?y=1", "/", ["y"]), ("", "/", []), ("/x?", "/x", []),
    ])
    func addressesAreTakenApart(url: String, path: String, names: [String]) {
        let split = SplitURL.split(url)
        #expect(split.path == path)
        #expect(split.query.map(\.name) == names)
    }
}
