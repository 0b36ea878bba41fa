package import Contract
package import Core

/// The frame of the documentation's pages: readable without JavaScript, nothing from elsewhere.
package enum DocsPage {
    package static let contentType = "text/html; charset=utf-8"
    package static let headers: [(name: String, value: String)] = [
        ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
        ("Referrer-Policy", "no-referrer"),
    ]

    package static func html(_ title: String, _ content: HTML) -> HTML {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title) - Audenci API</title>
        <style>\(style)</style></head>
        <body><nav aria-label="Documentation"><a href="/docs">API reference</a> <a href="/docs/objects">Objects</a>
        <a href="/docs/events">Events</a> <a href="/docs/errors">Errors</a> <a href="/api/openapi.json">OpenAPI</a>
        <a href="/api/openapi.yaml">YAML</a></nav>
        <main><h1>\(title)</h1>
        \(content)
        </main></body></html>
        """
    }

    /// Text in which what stands between backticks is code.
    package static func prose(_ plain: String) -> HTML {
        HTML(
            joining: plain.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
                index.isMultiple(of: 2) ? "\(part)" : "<code>\(part)</code>"
            })
    }

    /// A link to the page of an error.
    package static func link(to code: ErrorCode) -> HTML {
        "<a href=\"/docs/errors/\(code.rawValue)\"><code>\(code.rawValue)</code></a>"
    }

    private static let style: HTML = """
        body{font:16px/1.6 system-ui,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem;color:#1c1c1e}
        nav a{margin-right:1rem}section{border-top:1px solid #8886;margin-top:2rem}
        code,pre{font-family:ui-monospace,monospace;font-size:.9em;background:#f1f1f4;border-radius:.25em}
        code{padding:.1em .3em;overflow-wrap:anywhere}pre{padding:.8rem;overflow:auto;max-height:28rem}pre code{padding:0}
        table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0}
        a{color:#0b57d0}@media(prefers-color-scheme:dark){body{background:#161618;color:#ececf0}
        code,pre{background:#2a2a2e}a{color:#8ab4f8}}
        """
}
