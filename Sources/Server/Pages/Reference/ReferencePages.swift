import Contract
import Core
import HTTPServer

/// The API reference at `/docs`: made from the same declarations as the router and the OpenAPI document.
struct ReferencePages: Sendable {
    private let document: OpenAPIDocument
    private let operations: [DocumentedOperation]
    private let schemas: SchemaText

    init(_ document: OpenAPIDocument) {
        self.document = document
        let all = document.operations
        operations = all.operations
        schemas = SchemaText(schemas: all.schemas)
    }

    var routes: [PlainRoute] {
        [page("/docs") { index }, page("/docs/objects") { objects }, page("/docs/events") { events }]
            + areas.map { area in page("/docs/api/\(area)") { self.area(area) } }
    }

    private func page(_ path: String, _ html: @escaping @Sendable () -> HTML) -> PlainRoute {
        .document(path, contentType: DocsPage.contentType, headers: DocsPage.headers, html().bytes)
    }

    private var areas: [String] {
        var seen: Set<String> = []
        return operations.map(\.area).filter { seen.insert($0).inserted }
    }

    private var index: HTML {
        let sections = areas.map { area -> HTML in
            let rows = operations.filter { $0.area == area }.map { operation -> HTML in
                """
                <tr><td><a href="/docs/api/\(area)#\(operation.endpoint.id)"><code>\(operation.endpoint.method) \
                \(operation.endpoint.path)</code></a></td><td>\(DocsPage.prose(operation.endpoint.summary))</td></tr>
                """
            }
            return """
                <section><h2><a href="/docs/api/\(area)">\(area)</a></h2>
                <table><tbody>\(rows)</tbody></table></section>
                """
        }
        return DocsPage.html(
            "API reference",
            """
            <p>Version \(document.version) of the server; versions of the API: \(APIHistory.current.words). Requests go to
            <code>\(document.serverURL)</code> with <code>Authorization: Bearer YOUR_API_KEY</code>, bodies and answers are JSON.</p>
            <ul><li>A key needs the scope and its member the role that an operation names; each scope and role includes the
            lesser ones.</li>
            <li>Lists: <code>limit</code> (1 to 100) and <code>cursor</code>, with <code>pagination.nextCursor</code>,
            <code>prevCursor</code> and <code>Link</code>.</li>
            <li>Writes: <code>Idempotency-Key</code> to repeat safely, <code>If-Match</code> against overwriting,
            <code>dryRun=true</code> to rehearse.</li>
            <li>Answers: <code>fields</code> cuts them down, <code>expand</code> adds what is related,
            <code>Accept-Encoding: gzip</code> makes them small.</li></ul>
            \(sections)
            """)
    }

    private func area(_ area: String) -> HTML {
        let chosen = operations.filter { $0.area == area }
        let links = chosen.map { "<li><a href=\"#\($0.endpoint.id)\">\(DocsPage.prose($0.endpoint.summary))</a></li>" as HTML }
        let sections = chosen.map { OperationSection($0, schemas: schemas, serverURL: document.serverURL).html }
        return DocsPage.html(area, "<ul>\(links)</ul>\n\(sections)")
    }

    private var objects: HTML {
        DocsPage.html("Objects", "\(schemas.names.map(schemas.section))")
    }

    private var events: HTML {
        let sections = document.events.map { event -> HTML in
            """
            <section id="\(event.type)"><h2><code>\(event.type)</code></h2><p>\(DocsPage.prose(event.summary))</p>
            <h3>Data</h3>\(schemas.fields(of: event.objectSchema))
            <h3>Example</h3><pre><code>\(OpenAPIDocument.envelopeExample(event).indented())</code></pre></section>
            """
        }
        return DocsPage.html(
            "Events", "<p>What webhooks and the feed tell. Each is signed, and sent until it is received.</p>\n\(sections)")
    }
}
