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

    private static func reply(_ html: HTML) -> Reply {
        Reply(
            status: 200,
            headers: [("Content-Type", DocsPage.contentType), ("Cache-Control", "public, max-age=3600")] + DocsPage.headers,
            body: html.bytes)
    }

    private static let index: HTML = {
        let rows = ErrorCode.allCases.map { code -> HTML in
            "<tr><td>\(DocsPage.link(to: code))</td><td>\(code.status)</td><td>\(DocsPage.prose(code.explanation))</td></tr>"
        }
        return DocsPage.html(
            "Errors",
            """
            <p>Every error is answered as <code>{"error":{"code","message","details","requestId","docUrl"}}</code>; with
            <code>Accept: application/problem+json</code> as RFC 9457. These are the codes.</p>
            <table><thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """)
    }()

    private static func page(of code: ErrorCode) -> HTML {
        DocsPage.html(
            code.rawValue,
            """
            <p>HTTP status <strong>\(code.status)</strong></p>
            <p>\(DocsPage.prose(code.explanation))</p>
            <p>If it stays unclear, name the <code>requestId</code> of the answer: the server's log has it.</p>
            <p><a href="/docs/errors">All errors</a></p>
            """)
    }
}
