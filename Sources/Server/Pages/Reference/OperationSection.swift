import Contract
import Core
import HTTPServer

/// One operation on its page: what it does, what it takes, what it answers.
struct OperationSection {
    private let operation: DocumentedOperation
    private let schemas: SchemaText
    private let serverURL: String

    init(_ operation: DocumentedOperation, schemas: SchemaText, serverURL: String) {
        self.operation = operation
        self.schemas = schemas
        self.serverURL = serverURL
    }

    var html: HTML {
        let endpoint = operation.endpoint
        return """
            <section id="\(endpoint.id)"><h2>\(DocsPage.prose(endpoint.summary))</h2>
            <p><code>\(endpoint.method) \(endpoint.path)</code></p>
            <p>\(DocsPage.prose(operation.description))</p>
            <p>Scope <code>\(endpoint.scope.rawValue)</code>, role <code>\(endpoint.role.rawValue)</code></p>
            \(parameters)
            \(body)
            <h3>Example request</h3><pre><code>\(CurlExample(operation, serverURL: serverURL).text)</code></pre>
            \(answer)
            \(errors)</section>
            """
    }

    private var parameters: HTML {
        guard !operation.parameters.isEmpty else { return "" }
        let rows = operation.parameters.map { parameter -> HTML in
            """
            <tr><td><code>\(parameter["name"]?.string ?? "")</code></td><td>\(parameter["in"]?.string ?? "")</td>
            <td>\(schemas.type(of: parameter["schema"] ?? .null))</td>
            <td>\(DocsPage.prose(parameter["description"]?.string ?? ""))</td></tr>
            """
        }
        return """
            <h3>Parameters</h3><table><thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Type</th>
            <th scope="col">Meaning</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    private var body: HTML {
        guard let body = operation.requestBody, let content = body["content"]?.object else { return "" }
        let types = content.map(\.key).joined(separator: ", ")
        let note = body["description"]?.string ?? (body["required"]?.bool == false ? "It may be left out." : "")
        let fields = content.first { $0.key == "application/json" }?.value["schema"].map(schemas.fields(resolving:)) ?? ""
        return "<h3>Body</h3><p><code>\(types)</code> \(DocsPage.prose(note))</p>\(fields)"
    }

    private var answer: HTML {
        let reply = operation.reply
        let types = reply.contentTypes.joined(separator: ", ")
        let headers = reply.headers.map(\.key).joined(separator: ", ")
        let sample: HTML = reply.example.map { "<pre><code>\($0.string ?? $0.indented())</code></pre>" } ?? ""
        return """
            <h3>Answer</h3><p>Status \(operation.endpoint.status), <code>\(types)</code>:
            \(schemas.type(of: reply.schema))\(headers.isEmpty ? "" : "; headers \(headers)" as HTML)</p>\(sample)
            """
    }

    private var errors: HTML {
        let rows = operation.errors.map { status, codes -> HTML in
            "<tr><td>\(status)</td><td>\(HTML(lines: codes.map(DocsPage.link(to:))))</td></tr>"
        }
        return "<h3>Errors</h3><table><tbody>\(rows)</tbody></table>"
    }
}
