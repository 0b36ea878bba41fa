import Contract
import Core
import HTTPServer

/// JSON Schema as people read it.
struct SchemaText: Sendable {
    /// `components/schemas`.
    let schemas: JSONValue

    var names: [String] { (schemas.object ?? []).map(\.key) }

    /// An object of the document, with an anchor of its name.
    func section(_ name: String) -> HTML {
        let schema = schemas[name] ?? .null
        let body: HTML = schema["properties"] == nil ? "<p>\(type(of: schema))</p>" : fields(of: schema)
        return """
            <section id="\(name)"><h2>\(name)</h2>\(schema["description"]?.string.map { "<p>\(DocsPage.prose($0))</p>" as HTML } ?? "")
            \(body)</section>
            """
    }

    /// The properties of an object, one in each row.
    func fields(of schema: JSONValue) -> HTML {
        let required = schema["required"]?.array ?? []
        let rows = (schema["properties"]?.object ?? []).map { property -> HTML in
            let isRequired = required.contains(.string(property.key))
            return """
                <tr><td><code>\(property.key)</code></td><td>\(type(of: property.value))</td><td>\(isRequired ? "yes" : "")</td>
                <td>\(DocsPage.prose(property.value["description"]?.string ?? ""))</td></tr>
                """
        }
        return """
            <table><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">Required</th>
            <th scope="col">Meaning</th></tr></thead><tbody>\(rows)</tbody></table>
            """
    }

    /// The same, of an object that may be named by a reference.
    func fields(resolving schema: JSONValue) -> HTML {
        guard let name = Self.name(in: schema), let object = schemas[name] else { return fields(of: schema) }
        return fields(of: object)
    }

    /// What a value may be: `string`, `array of Post`, `one of a, b`.
    func type(of schema: JSONValue) -> HTML {
        if let name = Self.name(in: schema) { return "<a href=\"/docs/objects#\(name)\">\(name)</a>" }
        if let words = schema["enum"]?.array { return "one of \(words.map { $0.string ?? "null" }.joined(separator: ", "))" }
        if let constant = schema["const"]?.string { return "<code>\(constant)</code>" }
        for keyword in ["anyOf", "allOf"] {
            guard let parts = schema[keyword]?.array else { continue }
            let joint: HTML = keyword == "anyOf" ? " or " : " with "
            let texts = parts.map { type(of: $0) }
            return HTML(joining: texts.enumerated().flatMap { index, text in index == 0 ? [text] : [joint, text] })
        }
        let names = schema["type"]?.array?.compactMap(\.string) ?? [schema["type"]?.string ?? "any JSON"]
        if names.contains("array"), let items = schema["items"] {
            return "array of \(type(of: items))\(names.contains("null") ? ", or null" : "")"
        }
        let text: HTML = "\(names.joined(separator: " or "))"
        if let format = schema["format"]?.string { return "\(text) (\(format))" }
        if let fields = schema["properties"]?.object { return "\(text) with \(fields.map(\.key).joined(separator: ", "))" }
        return text
    }

    private static func name(in schema: JSONValue) -> String? {
        schema["$ref"]?.string?.split(separator: "/").last.map(String.init)
    }
}
