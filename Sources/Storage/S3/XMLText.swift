/// The few texts that S3's answers are read for. Not a parser: the first element of that name, wherever it is.
enum XMLText {
    /// The text of the first `<name>...</name>`, with the five entities of XML; nil when there is none or it holds elements.
    static func first(_ name: String, in body: [UInt8]) -> String? {
        let text = String(decoding: body, as: UTF8.self)
        guard let start = text.firstRange(of: "<\(name)>"), let end = text[start.upperBound...].firstRange(of: "</\(name)>")
        else {
            return nil
        }
        let content = text[start.upperBound..<end.lowerBound]
        return content.contains("<") ? nil : unescaped(content)
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    private static func unescaped(_ text: Substring) -> String {
        // The ampersand last, so that &amp;lt; stays &lt;.
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#34;", "\""), ("&apos;", "'"), ("&#39;", "'"), ("&amp;", "&")]
            .reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}
