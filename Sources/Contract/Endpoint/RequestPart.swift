package import Core

/// One part of a request: it takes its value out and describes itself. A handler's arguments are its endpoint's parts,
/// so an undocumented parameter cannot exist, nor a documented one that is ignored.
package protocol RequestPart<Value>: Sendable {
    associatedtype Value: Sendable
    /// Adds what is wrong to `issues`; nil exactly when something was added.
    func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> Value?
    func describe(into operation: inout OperationDescription)
    /// The query parameters that this part reads: all others of the request are refused.
    var queryNames: [String] { get }
}

extension RequestPart {
    package var queryNames: [String] { [] }
}

/// What parts say of themselves for the document.
package struct OperationDescription: Sendable {
    package var parameters: [JSONValue] = []
    package var requestBody: JSONValue?
    package var schemas = SchemaCollection()
    /// True when some part can be wrong, so that 400 is among the answers.
    package var canBeInvalid = false
    /// The schema of what the answer holds, and the relations that may stand beside its properties.
    var expanded: (object: JSONValue, relations: JSONValue)?

    package init() {}
}

/// A piece of the path: `/api/posts/{id}`.
package struct PathParameter<Value: LosslessStringConvertible & Sendable>: RequestPart {
    private let name: String
    private let summary: String
    private let example: String

    package init(
        _ name: String, as _: Value.Type = Value.self, _ summary: String, example: String = "cmb2k7q0x4f8w1z6r9t3y5u7a"
    ) {
        self.name = name
        self.summary = summary
        self.example = example
    }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> Value? {
        guard let text = request.pathParameters.first(where: { $0.name == name })?.value, let value = Value(text) else {
            throw .notFound("object")
        }
        return value
    }

    package func describe(into operation: inout OperationDescription) {
        operation.parameters.append([
            "name": .string(name), "in": "path", "required": true, "description": .string(summary),
            "schema": ["type": "string", "minLength": 1], "example": .string(example),
        ])
    }
}

/// A request header that need not be there.
package struct HeaderParameter: RequestPart {
    private let name: String
    private let summary: String

    package init(_ name: String, _ summary: String) {
        self.name = name
        self.summary = summary
    }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> String?? {
        .some(request.header(name.lowercased()))
    }

    package func describe(into operation: inout OperationDescription) {
        operation.parameters.append([
            "name": .string(name), "in": "header", "required": false, "description": .string(summary),
            "schema": ["type": "string"],
        ])
    }
}

/// A request header that must be there.
package struct RequiredHeader<Value: QueryValue>: RequestPart {
    private let name: String
    private let summary: String
    private let example: JSONValue
    private let rules: [Rule<Value>]

    package init(_ name: String, as _: Value.Type, _ summary: String, example: JSONValue, _ rules: Rule<Value>...) {
        self.name = name
        self.summary = summary
        self.example = example
        self.rules = rules
    }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> Value? {
        guard let text = request.header(name.lowercased()) else {
            issues.append(FieldIssue(name, "is required"))
            return nil
        }
        guard let value = Value.parse(query: text, name, &issues) else { return nil }
        for rule in rules {
            guard let issue = rule.check(value) else { continue }
            issues.append(FieldIssue(name, issue))
            return nil
        }
        return value
    }

    package func describe(into operation: inout OperationDescription) {
        operation.parameters.append([
            "name": .string(name), "in": "header", "required": true, "description": .string(summary),
            "schema": Value.schema.adding(rules.flatMap(\.keywords)), "example": example,
        ])
    }
}

/// The body, as JSON, checked against its declared fields and rules.
package struct JSONBody<Value: APIInput>: RequestPart {
    private let isOptional: Bool

    /// - Parameter optional: an empty body stands for an object without fields.
    package init(_: Value.Type, optional: Bool = false) { isOptional = optional }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> Value? {
        if request.body.isEmpty {
            if isOptional { return Value.read(.object([]), at: "", issues: &issues) }
            throw APIError(.invalidRequest, "The body is empty; send a JSON object.", details: [FieldIssue("", "is required")])
        }
        if let type = request.header("content-type"), !type.lowercased().hasPrefix("application/json") {
            throw APIError(.unsupportedMediaType, "Send the body as Content-Type: application/json, not \(type.prefix(80)).")
        }
        let json: JSONValue
        do {
            json = try JSONValue(parsing: request.body)
        } catch {
            throw APIError(.invalidJSON, "The body is not valid JSON: \(error).", details: [FieldIssue("", "\(error)")])
        }
        return Value.read(json, at: "", issues: &issues)
    }

    package func describe(into operation: inout OperationDescription) {
        operation.canBeInvalid = true
        Value.collect(into: &operation.schemas)
        operation.requestBody = [
            "required": .bool(!isOptional),
            "content": ["application/json": ["schema": Value.schema, "example": Value.example]],
        ]
    }
}

/// The body as it is, of one of these content types.
package struct RawBody: RequestPart {
    private let types: [String]
    private let summary: String
    private let example: String

    /// - Parameter types: what is accepted, such as `text/csv`; a type that ends in `/*` stands for all of its kind.
    package init(_ types: [String], _ summary: String, example: String = "(bytes)") {
        self.types = types
        self.summary = summary
        self.example = example
    }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> [UInt8]? {
        let type = (request.header("content-type") ?? "").lowercased().prefix { $0 != ";" && $0 != " " }
        let isTaken = types.contains { $0.hasSuffix("/*") ? type.hasPrefix($0.dropLast()) : type == $0 }
        guard isTaken else {
            throw APIError(
                .unsupportedMediaType,
                "Send the body as Content-Type: \(types.joined(separator: " or ")), not \(type.isEmpty ? "without one" : String(type.prefix(80)))."
            )
        }
        guard !request.body.isEmpty else {
            throw APIError(.invalidRequest, "The body is empty.", details: [FieldIssue("", "is required")])
        }
        return request.body
    }

    package func describe(into operation: inout OperationDescription) {
        operation.requestBody = [
            "required": true, "description": .string(summary),
            "content": .object(
                types.map {
                    .init(
                        $0 == "*/*" ? "application/octet-stream" : $0,
                        ["schema": ["type": "string", "contentEncoding": "binary"], "example": .string(example)])
                }),
        ]
    }
}

/// The filters of a list, as query parameters.
package struct QueryParameters<Value: APIQuery>: RequestPart {
    package init(_: Value.Type) {}

    package var queryNames: [String] { Value.parameters.map(\.name) }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> Value? {
        var value = Value()
        let before = issues.count
        for (name, text) in request.query {
            guard let parameter = Value.parameters.first(where: { $0.name == name }) else { continue }
            parameter.read(text, &value, &issues)
        }
        return issues.count == before ? value : nil
    }

    package func describe(into operation: inout OperationDescription) {
        operation.canBeInvalid = true
        for parameter in Value.parameters {
            let list: [JSONValue.Member] = parameter.isList ? [.init("style", "form"), .init("explode", false)] : []
            let described: JSONValue = [
                "name": .string(parameter.name), "in": "query", "required": false, "description": .string(parameter.summary),
                "schema": parameter.schema,
            ]
            operation.parameters.append(described.adding(list))
        }
    }
}

/// A set of query parameters.
package protocol APIQuery: Sendable {
    static var parameters: [QueryParameter<Self>] { get }
    init()
}

/// One query parameter: its type's own reading of text.
package struct QueryParameter<Root>: Sendable {
    package let name: String
    package let summary: String
    package let schema: JSONValue
    let isList: Bool
    package let read: @Sendable (_ text: String, inout Root, inout [FieldIssue]) -> Void
    /// In a list.
    private static var mostValues: Int { 100 }

    /// A single value: `?status=SCHEDULED`.
    package init<Value: QueryValue>(
        _ name: String, _ summary: String, set: @escaping @Sendable (inout Root, Value) -> Void
    ) {
        self.name = name
        self.summary = summary
        schema = Value.schema
        isList = false
        read = { text, root, issues in
            if let value = Value.parse(query: text, name, &issues) { set(&root, value) }
        }
    }

    /// Several values, comma separated: `?status=SCHEDULED,FAILED`.
    package init<Value: QueryValue>(
        list name: String, _ summary: String, set: @escaping @Sendable (inout Root, [Value]) -> Void
    ) {
        self.name = name
        self.summary = summary + " Several, separated by commas, mean any of them."
        isList = true
        schema = ["type": "array", "items": Value.schema]
        read = { text, root, issues in
            let before = issues.count
            // An empty place is a value that is wrong, not a filter that is off.
            let places = text.split(separator: ",", omittingEmptySubsequences: false)
            guard places.count <= Self.mostValues else {
                issues.append(FieldIssue(name, "must name at most \(Self.mostValues) values"))
                return
            }
            let values = places.compactMap { Value.parse(query: String($0), name, &issues) }
            if issues.count == before { set(&root, values) }
        }
    }
}

extension QueryParameter {
    /// The same parameter on a set that holds another set.
    package init<Inner>(
        _ inner: QueryParameter<Inner>, get: @escaping @Sendable (Root) -> Inner,
        set: @escaping @Sendable (inout Root, Inner) -> Void
    ) {
        name = inner.name
        summary = inner.summary
        schema = inner.schema
        isList = inner.isList
        read = { text, root, issues in
            var value = get(root)
            inner.read(text, &value, &issues)
            set(&root, value)
        }
    }
}

/// A value that can stand in a query string.
package protocol QueryValue: ReadableValue {
    static func parse(query text: String, _ name: String, _ issues: inout [FieldIssue]) -> Self?
}

extension QueryValue {
    package static func parse(query text: String, _ name: String, _ issues: inout [FieldIssue]) -> Self? {
        read(.string(text), at: name, issues: &issues)
    }
}

extension String: QueryValue {}
extension Instant: QueryValue {}
extension ID: QueryValue {}

extension Bool: QueryValue {
    package static func parse(query text: String, _ name: String, _ issues: inout [FieldIssue]) -> Self? {
        guard let value = Bool(text) else { issues.append(FieldIssue(name, "must be true or false")); return nil }
        return value
    }
}

extension Int: QueryValue {
    package static func parse(query text: String, _ name: String, _ issues: inout [FieldIssue]) -> Self? {
        guard let value = Int(text) else { issues.append(FieldIssue(name, "must be a whole number")); return nil }
        return value
    }
}

/// `limit` and `cursor`, on every list.
package struct PageParameters: RequestPart {
    private let isBound: Bool

    /// - Parameter isBound: false for a feed, whose cursors are places in time that go with any filter.
    package init(isBound: Bool = true) { self.isBound = isBound }

    package var queryNames: [String] { ["limit", "cursor"] }

    package func extract(from request: APIRequest, issues: inout [FieldIssue]) throws(APIError) -> PageRequest? {
        var page = PageRequest()
        let before = issues.count
        for (name, text) in request.query {
            if name == "limit" {
                if let limit = Int(text), (1...100).contains(limit) {
                    page.limit = limit
                } else {
                    issues.append(FieldIssue("limit", "must be between 1 and 100"))
                }
            } else if name == "cursor" {
                let place = isBound ? ListIdentity(request).unmarked(text) : text[...]
                let isBackward = place?.hasPrefix("-") ?? false
                let cursor = place.flatMap { Cursor(text: String(isBackward ? $0.dropFirst() : $0)) }
                if isBackward { page.before = cursor } else { page.after = cursor }
                if cursor == nil {
                    issues.append(
                        FieldIssue(
                            "cursor",
                            "must be a nextCursor or prevCursor of an earlier answer of this list, with the same filters"))
                }
            }
        }
        return issues.count == before ? page : nil
    }

    package func describe(into operation: inout OperationDescription) {
        operation.canBeInvalid = true
        operation.parameters.append([
            "name": "limit", "in": "query", "required": false, "description": "How many objects a page has.",
            "schema": ["type": "integer", "minimum": 1, "maximum": 100, "default": 20],
        ])
        operation.parameters.append([
            "name": "cursor", "in": "query", "required": false,
            "description": "Where the page begins: `pagination.nextCursor` of the page before, or `prevCursor` to go back.",
            "schema": ["type": "string"],
        ])
    }
}
