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
        let operations = endpoints.map { DocumentedOperation($0, collecting: &schemas) }
        let webhooks = webhookItems(collecting: &schemas)
        for (name, schema) in ErrorDocuments.schemas { schemas.add(name, schema) }
        let areas = operations.map(\.area).uniqued
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "Audenci API", "version": .string(version),
                "description": .string(
                    "Plan, approve, publish and measure social media posts; signed webhooks tell what happened. "
                        + "Read it at \(serverURL)/docs."),
            ],
            "servers": [["url": .string(serverURL)]],
            "security": [["apiKey": []]],
            "tags": .array(areas.map { ["name": .string($0)] }),
            "paths": .object(pathItems(operations)),
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
                "headers": .object(Self.commonHeaders),
                "examples": .object(ErrorDocuments.examples(serverURL: serverURL)),
                "responses": .object(ErrorDocuments.responses(of: operations)),
                "schemas": .object(schemas.members),
            ],
        ]
    }

    /// The endpoints with all that there is to say of them, and the schemas that they name.
    package var operations: (operations: [DocumentedOperation], schemas: JSONValue) {
        var schemas = SchemaCollection()
        let operations = endpoints.map { DocumentedOperation($0, collecting: &schemas) }
        return (operations, .object(schemas.members))
    }

    private func pathItems(_ operations: [DocumentedOperation]) -> [JSONValue.Member] {
        var paths: [JSONValue.Member] = []
        for operation in operations {
            let member = JSONValue.Member(operation.endpoint.method.lowercased(), Self.item(operation))
            if let index = paths.firstIndex(where: { $0.key == operation.endpoint.path }) {
                paths[index].value = paths[index].value.adding([member])
            } else {
                paths.append(.init(operation.endpoint.path, .object([member])))
            }
        }
        return paths
    }

    private static func item(_ operation: DocumentedOperation) -> JSONValue {
        let endpoint = operation.endpoint
        let success = success(operation)
        let statuses = [operation.reply.otherStatus, endpoint.status].compactMap(\.self)
        var responses: [JSONValue.Member] = statuses.map { .init(String($0), success) }
        if operation.rawParameters.contains(CommonParameters.reference("ifNoneMatch")) {
            responses.append(.init("304", ["description": "It is still what the `ETag` in `If-None-Match` stands for."]))
        }
        for (status, codes) in operation.errors {
            responses.append(.init(String(status), ErrorDocuments.reference(codes)))
        }
        var item: [JSONValue.Member] = [
            .init("operationId", .string(endpoint.id)),
            .init("summary", .string(endpoint.summary)),
            .init("description", .string(operation.description)),
            .init("tags", [.string(operation.area)]),
            .init("parameters", .array(operation.rawParameters)),
        ]
        if let body = operation.requestBody { item.append(.init("requestBody", body)) }
        item.append(.init("responses", .object(responses)))
        item.append(.init("x-scope", .string(endpoint.scope.rawValue)))
        item.append(.init("x-role", .string(endpoint.role.rawValue)))
        if let limit = endpoint.bodyLimit { item.append(.init("x-body-limit", .int(Int64(limit)))) }
        if endpoint.isWrite { item.append(.init("x-dry-run", .bool(endpoint.canRehearse))) }
        return .object(item)
    }

    private static func success(_ operation: DocumentedOperation) -> JSONValue {
        let reply = operation.reply
        var content: [JSONValue.Member] = [.init("schema", reply.schema)]
        if let example = reply.example { content.append(.init("example", example)) }
        let headers = reply.headers + commonHeaders.map { .init($0.key, reference("headers", $0.key)) }
        return [
            "description": .string(operation.endpoint.summary),
            "content": .object(reply.contentTypes.map { .init($0, .object(content)) }),
            "headers": .object(headers),
        ]
    }

    private static func reference(_ kind: String, _ name: String) -> JSONValue {
        ["$ref": .string("#/components/\(kind)/\(name)")]
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

    /// On every answer to a valid key.
    private static let commonHeaders: [JSONValue.Member] = [
        ("X-RateLimit-Limit", "integer", "Requests that the organization may send in an hour."),
        ("X-RateLimit-Remaining", "integer", "How many of them are left."),
        ("X-RateLimit-Reset", "integer", "When the hour ends, in seconds since 1970."),
        ("X-Request-Id", "string", "The request's id; the server's log has it."),
        (APIHistory.header, "string", "The version of the API that answered."),
    ].map { .init($0.0, ["description": .string($0.2), "schema": ["type": .string($0.1)]]) }
}
