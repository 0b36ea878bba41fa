import Core

/// Plain text as Mastodon renders it (its `TextFormatter`): paragraphs, line breaks, and URLs shown without scheme and
/// tail but with both in the markup. Mentions and hashtags become links whose text is the same.
enum StatusHTML {
    private static let host = "https://mastodon.sandbox.example"

    static func render(_ text: String) -> String {
        text.split(separator: "\n\n").map { paragraph in
            let lines = paragraph.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                line.split(separator: " ", omittingEmptySubsequences: false).map(word).joined(separator: " ")
            }
            return "<p>\(lines.joined(separator: "<br />"))</p>"
        }.joined()
    }

    private static func word(_ word: Substring) -> String {
        let text = word.htmlEscaped
        for scheme in ["https://", "http://"] where word.hasPrefix(scheme) && word.count > scheme.count {
            let rest = word.dropFirst(scheme.count).htmlEscaped
            return "<a href=\"\(text)\" target=\"_blank\" rel=\"nofollow noopener\"><span class=\"invisible\">\(scheme)</span>"
                + "<span class=\"\">\(rest)</span><span class=\"invisible\"></span></a>"
        }
        if word.hasPrefix("@"), word.count > 1 {
            let name = PostText.withoutMentionHosts(String(word)).dropFirst()
            return "<span class=\"h-card\"><a href=\"\(host)/\(text)\">@<span>\(name.htmlEscaped)</span></a></span>"
        }
        if word.hasPrefix("#"), word.count > 1 {
            let tag = word.dropFirst().htmlEscaped
            return "<a href=\"\(host)/tags/\(tag)\">#<span>\(tag)</span></a>"
        }
        return text
    }
}
