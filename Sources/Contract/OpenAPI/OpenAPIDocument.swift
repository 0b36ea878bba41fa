package import Core

/// The OpenAPI 3.1 document of the endpoints and the events.
package struct OpenAPIDocument: Sendable {
    package var endpoints: [Endpoint]
    package var events: [any Event.Type]
    package var version: String
    package var serverURL: String

    package init(endpoints: [Endpoint], events: [any Event.Type], version: String, serverURL: String) {
        self.endpoints = endpoints
        self.events = events
        self.version = version
        self.serverURL = serverURL
    }

    package var json: JSONValue {
        var schemas = SchemaCollection()
        let paths = pathItems(collecting: &schemas)
        let webhooks = webhookItems(collecting: &schemas)
        schemas.add("Error", Self.errorSchema)
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Audenci API", "version": .string(version),
                "description": "Plan, approve, publish and measure social media posts; signed webhooks tell what happened.",
            ],
            "servers": [["url": .string(serverURL)]],
            "security": [["apiKey": []]],
            "paths": .object(paths),
            "webhooks": .object(webhooks),
            "components": [
                "securitySchemes": [
                    "apiKey": [
                        "type": "http", "scheme": "bearer",
                        "description":
                            "An API key: `Authorization: Bearer YOUR_API_KEY`. Scopes: read-only, read-write, admin.",
                    ]
                ],
                "parameters": CommonParameters.components,
                "schemas": .object(schemas.members),
            ],
        ]
    }

    private func pathItems(collecting schemas: inout SchemaCollection) -> [JSONValue.Member] {
        var paths: [JSONValue.Member] = []
        for endpoint in endpoints {
            var description = OperationDescription()
            description.schemas = schemas
            let reply = endpoint.describe(&description)
            schemas = description.schemas
            let member = JSONValue.Member(endpoint.method.lowercased(), operation(endpoint, description, reply))
            if let index = paths.firstIndex(where: { $0.key == endpoint.path }) {
                paths[index].value = paths[index].value.adding([member])
            } else {
                paths.append(.init(endpoint.path, .object([member])))
            }
        }
        return paths
    }

    private func operation(_ endpoint: Endpoint, _ description: OperationDescription, _ reply: ReplyDescription) -> JSONValue {
        var content: [JSONValue.Member] = [.init("schema", reply.schema)]
        if let example = reply.example { content.append(.init("example", example)) }
        var success: [JSONValue.Member] = [
            .init("description", .string(endpoint.summary)),
            .init("content", .object([.init(reply.contentType, .object(content))])),
        ]
        let headers = reply.headers + Self.rateLimitHeaders
        success.append(.init("headers", .object(headers)))
        let statuses = [reply.otherStatus, endpoint.status].compactMap(\.self)
        var responses: [JSONValue.Member] = statuses.map { .init(String($0), .object(success)) }
        for (status, codes) in errorCodes(of: endpoint, description) {
            let list = codes.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            responses.append(
                .init(
                    String(status),
                    [
                        "description": .string(list),
                        "content": ["application/json": ["schema": ["$ref": "#/components/schemas/Error"]]],
                    ]))
        }
        var operation: [JSONValue.Member] = [
            .init("operationId", .string(endpoint.id)),
            .init("summary", .string(endpoint.summary)),
            .init(
                "description",
                .string(
                    "Needs a key of scope `\(endpoint.scope.rawValue)`, made by a member who is \(endpoint.role.rawValue) or more."
                )),
            .init("tags", [.string(String(endpoint.id.prefix { $0 != "." }))]),
            .init("parameters", .array(description.parameters)),
        ]
        if let body = description.requestBody { operation.append(.init("requestBody", body)) }
        operation.append(.init("responses", .object(responses)))
        operation.append(.init("x-scope", .string(endpoint.scope.rawValue)))
        operation.append(.init("x-role", .string(endpoint.role.rawValue)))
        if endpoint.isWrite { operation.append(.init("x-dry-run", .bool(endpoint.canRehearse))) }
        return .object(operation)
    }

    private func errorCodes(of endpoint: Endpoint, _ description: OperationDescription) -> [(Int, [ErrorCode])] {
        var codes: [ErrorCode] = [
            .invalidRequest, .unauthorized, .insufficientScope, .forbidden, .rateLimited, .internalError, .unavailable,
        ]
        if endpoint.isWrite { codes += [.idempotencyInFlight, .idempotencyKeyReused] }
        if endpoint.isWrite, endpoint.path.contains("{") { codes.append(.preconditionFailed) }
        if description.requestBody != nil { codes += [.invalidJSON, .payloadTooLarge, .unsupportedMediaType, .requestTimeout] }
        if endpoint.path.contains("{") { codes.append(.notFound) }
        codes += endpoint.errors
        let unique = ErrorCode.allCases.filter(codes.contains)
        return Dictionary(grouping: unique, by: \.status).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private func webhookItems(collecting schemas: inout SchemaCollection) -> [JSONValue.Member] {
        events.map { event in
            event.collect(into: &schemas)
            return .init(event.type, ["post": webhookOperation(event)])
        }
    }

    private func webhookOperation(_ event: any Event.Type) -> JSONValue {
        [
            "operationId": .string("webhooks." + event.type),
            "summary": .string(event.summary),
            "parameters": .array(Self.webhookHeaders),
            "requestBody": [
                "required": true,
                "content": [
                    "application/json": ["schema": Self.envelopeSchema(event), "example": Self.envelopeExample(event)]
                ],
            ],
            "responses": [
                "2XX": ["description": "Received. Every other answer, redirects included, is retried."],
                "410": ["description": "Gone: the webhook is disabled at once."],
            ],
        ]
    }

    /// The schema of an event's whole payload.
    package static func envelopeSchema(_ event: any Event.Type) -> JSONValue {
        [
            "type": "object",
            "properties": [
                "event": ["const": .string(event.type)],
                "timestamp": ["type": "string", "format": "date-time"],
                "data": event.schema,
                "organizationId": ["type": "string"],
                "brandId": ["type": ["string", "null"]],
                "userId": ["type": "string", "description": "Who triggered it; absent when the system did."],
            ],
            "required": ["event", "timestamp", "data", "organizationId", "brandId"],
        ]
    }

    /// A payload as it would be sent.
    package static func envelopeExample(_ event: any Event.Type) -> JSONValue {
        func sample<E: Event>(_: E.Type) -> [UInt8] {
            Envelope(
                timestamp: Instant(seconds: 1_770_114_600), organizationID: ID("clx789xyz"), brandID: ID("clx456def"),
                userID: nil
            ).bytes(of: E.example)
        }
        return (try? JSONValue(parsing: sample(event))) ?? .null
    }

    private static func header(_ name: String, _ description: String) -> JSONValue {
        [
            "name": .string(name), "in": "header", "required": true, "description": .string(description),
            "schema": ["type": "string"],
        ]
    }

    private static let webhookHeaders: [JSONValue] = [
        header("X-Audenci-Signature", "Lowercase hex HMAC-SHA256 of the exact body, keyed with the webhook's secret as shown."),
        header("X-Audenci-Event", "The event's type."),
        header("webhook-id", "The event's id: the same on every retry. Use it to recognise repeats."),
        header("webhook-timestamp", "When this attempt was sent, in seconds since 1970."),
        header("webhook-signature", "Standard Webhooks signature: `v1,` and base64 HMAC-SHA256 of `id.timestamp.body`."),
    ]

    private static let rateLimitHeaders: [JSONValue.Member] = [
        ("X-RateLimit-Limit", "Requests that the organization may send in an hour."),
        ("X-RateLimit-Remaining", "How many of them are left."),
        ("X-RateLimit-Reset", "When the hour ends, in seconds since 1970."),
    ].map { .init($0.0, ["description": .string($0.1), "schema": ["type": "integer"]]) }

    private static let errorSchema: JSONValue = [
        "type": "object",
        "properties": [
            "error": [
                "type": "object",
                "properties": [
                    "code": ["type": "string", "enum": .array(ErrorCode.allCases.map { .string($0.rawValue) })],
                    "message": ["type": "string"],
                    "details": [
                        "type": "array",
                        "items": [
                            "type": "object",
                            "properties": ["field": ["type": "string"], "issue": ["type": "string"]],
                            "required": ["field", "issue"],
                        ],
                    ],
                    "requestId": ["type": "string"],
                    "docUrl": ["type": "string"],
                ],
                "required": ["code", "message", "details", "requestId", "docUrl"],
            ]
        ],
        "required": ["error"],
    ]
}
