import Contract
import Core

/// The pages that `docUrl` of every error leads to.
enum ErrorPages {
    static let routes: [PlainRoute] = [
        PlainRoute("GET", "/docs/errors") { _ in reply(index) },
        PlainRoute("GET", "/docs/errors/{code}") { request in
            let name = request.pathParameters.first?.value ?? ""
            guard let code = ErrorCode(rawValue: name) else {
                throw APIError(.notFound, "There is no error code of this name; /docs/errors lists them.")
            }
            return reply(page(of: code))
        },
    ]

    private static func reply(_ html: String) -> Reply {
        Reply(
            status: 200,
            headers: [
                ("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "public, max-age=3600"),
                ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
            ], body: Array(html.utf8))
    }

    private static let index: String = {
        let rows = ErrorCode.allCases.map { code in
            """
            <tr><td><a href="/docs/errors/\(code.rawValue)"><code>\(code.rawValue)</code></a></td>\
            <td>\(code.status)</td><td>\(text(code.explanation))</td></tr>
            """
        }
        return layout(
            "Errors",
            """
            <p>Every error is answered as <code>{"error":{"code","message","details","requestId","docUrl"}}</code>; with
            <code>Accept: application/problem+json</code> as RFC 9457. These are the codes.</p>
            <table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>
            <tbody>\(rows.joined(separator: "\n"))</tbody></table>
            """)
    }()

    private static func page(of code: ErrorCode) -> String {
        layout(
            code.rawValue,
            """
            <p>HTTP status <strong>\(code.status)</strong></p>
            <p>\(text(code.explanation))</p>
            <p>If it stays unclear, name the <code>requestId</code> of the answer: the server's log has it.</p>
            <p><a href="/docs/errors">All errors</a></p>
            """)
    }

    private static func layout(_ title: String, _ content: String) -> String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(title.htmlEscaped) - Audenci API</title>
        <style>body{font:16px/1.6 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1c1c1e}
        code{font-family:ui-monospace,monospace;background:#f1f1f4;padding:.1em .3em;border-radius:.25em}
        table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.4rem .8rem .4rem 0}
        a{color:#0b57d0}@media(prefers-color-scheme:dark){body{background:#161618;color:#ececf0}code{background:#2a2a2e}
        a{color:#8ab4f8}}</style></head>
        <body><main><h1>\(title.htmlEscaped)</h1>
        \(content)
        </main></body></html>
        """
    }

    /// Escapes, and shows what stands between backticks as code.
    private static func text(_ plain: String) -> String {
        plain.split(separator: "`", omittingEmptySubsequences: false).enumerated().map { index, part in
            index.isMultiple(of: 2) ? part.htmlEscaped : "<code>\(part.htmlEscaped)</code>"
        }.joined()
    }
}
