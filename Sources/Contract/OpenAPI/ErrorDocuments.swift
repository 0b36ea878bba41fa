import Core

/// Errors in the OpenAPI document: one response for each set of codes that some operation can answer with one status.
enum ErrorDocuments {
    /// The response for `codes`, which have one status.
    static func reference(_ codes: [ErrorCode]) -> JSONValue { ["$ref": .string("#/components/responses/\(name(of: codes))")] }

    private static func name(of codes: [ErrorCode]) -> String { codes.map(\.rawValue).joined(separator: ".") }

    static func responses(of operations: [DocumentedOperation]) -> [JSONValue.Member] {
        operations.flatMap { $0.errors.map(\.codes) }.uniqued.map { .init(name(of: $0), response($0)) }
    }

    private static func response(_ codes: [ErrorCode]) -> JSONValue {
        let sentences = codes.map { "`\($0.rawValue)`: \($0.explanation)" }
        let examples = codes.map { code in
            JSONValue.Member(code.rawValue, ["$ref": .string("#/components/examples/\(code.rawValue)")])
        }
        var response: [JSONValue.Member] = [
            .init("description", .string(sentences.joined(separator: "\n\n"))),
            .init(
                "content",
                [
                    "application/json": ["schema": ["$ref": "#/components/schemas/Error"], "examples": .object(examples)],
                    "application/problem+json": ["schema": ["$ref": "#/components/schemas/Problem"]],
                ]),
        ]
        if codes.contains(where: { [429, 503].contains($0.status) }) {
            response.append(
                .init(
                    "headers",
                    ["Retry-After": ["description": "Seconds to wait.", "schema": ["type": "integer", "minimum": 1]]]))
        }
        return .object(response)
    }

    static func examples(serverURL: String) -> [JSONValue.Member] {
        ErrorCode.allCases.map { code in
            let error = APIError(code, code.explanation)
            let body = try? JSONValue(parsing: error.body(requestID: "req_0f3k9x2m7q1v8b5n", publicURL: serverURL))
            return .init(code.rawValue, ["value": body ?? .null])
        }
    }

    static let schemas: [(name: String, schema: JSONValue)] = [("Error", error), ("Problem", problem)]

    private static let codes: JSONValue = ["type": "string", "enum": .array(ErrorCode.allCases.map { .string($0.rawValue) })]

    private static let error: JSONValue = [
        "type": "object",
        "properties": [
            "error": [
                "type": "object",
                "properties": [
                    "code": codes,
                    "message": ["type": "string"],
                    "details": ["type": "array", "items": issue("field", "issue")],
                    "requestId": ["type": "string"],
                    "docUrl": ["type": "string", "description": "A page that says what the code means and what to do."],
                ],
                "required": ["code", "message", "details", "requestId", "docUrl"],
            ]
        ],
        "required": ["error"],
    ]

    /// RFC 9457.
    private static let problem: JSONValue = [
        "type": "object",
        "properties": [
            "type": ["type": "string", "description": "A page that says what the code means and what to do."],
            "title": ["type": "string"], "status": ["type": "integer"], "detail": ["type": "string"],
            "instance": ["type": "string"], "code": codes, "requestId": ["type": "string"],
            "errors": ["type": "array", "items": issue("pointer", "detail")],
        ],
        "required": ["type", "title", "status", "detail", "instance", "code", "requestId", "errors"],
    ]

    private static func issue(_ place: String, _ text: String) -> JSONValue {
        [
            "type": "object",
            "properties": .object([.init(place, ["type": "string"]), .init(text, ["type": "string"])]),
            "required": [.string(place), .string(text)],
        ]
    }
}

extension Sequence where Element: Hashable {
    /// Each element once, at its first place.
    var uniqued: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
