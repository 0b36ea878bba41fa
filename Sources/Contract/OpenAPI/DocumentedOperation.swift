package import Core

/// An endpoint with everything that there is to say of it: what the OpenAPI document and the reference pages are made from.
package struct DocumentedOperation: Sendable {
    package let endpoint: Endpoint
    /// OpenAPI parameter objects; those that many endpoints share are resolved.
    package let parameters: [JSONValue]
    package let requestBody: JSONValue?
    package let reply: ReplyDescription
    /// Every error that it can answer, by status.
    package let errors: [(status: Int, codes: [ErrorCode])]
    let rawParameters: [JSONValue]

    init(_ endpoint: Endpoint, collecting schemas: inout SchemaCollection) {
        var description = OperationDescription()
        description.schemas = schemas
        self.endpoint = endpoint
        reply = endpoint.describe(&description)
        schemas = description.schemas
        rawParameters = description.parameters
        parameters = description.parameters.map(CommonParameters.resolved)
        requestBody = description.requestBody
        errors = Self.errors(of: endpoint, hasBody: description.requestBody != nil)
    }

    /// The group it stands in: `posts`.
    package var area: String { String(endpoint.id.prefix { $0 != "." }) }

    /// What it does, and what a key must be for it, in sentences.
    package var description: String {
        var sentences = [
            endpoint.summary,
            "Needs a key of scope `\(endpoint.scope.rawValue)`, made by a member who is \(endpoint.role.rawValue) or more.",
        ]
        if endpoint.isWrite { sentences.append("Send an `Idempotency-Key` to repeat it safely.") }
        if endpoint.isWrite, endpoint.canRehearse { sentences.append("`dryRun=true` checks everything and keeps nothing.") }
        return sentences.joined(separator: " ")
    }

    private static func errors(of endpoint: Endpoint, hasBody: Bool) -> [(status: Int, codes: [ErrorCode])] {
        var codes: [ErrorCode] = [
            .invalidRequest, .unauthorized, .insufficientScope, .forbidden, .rateLimited, .internalError, .unavailable,
        ]
        let hasID = endpoint.path.contains("{")
        if endpoint.isWrite { codes += [.idempotencyInFlight, .idempotencyKeyReused] }
        if endpoint.isWrite, hasID { codes.append(.preconditionFailed) }
        if hasBody { codes += [.invalidJSON, .payloadTooLarge, .unsupportedMediaType, .requestTimeout] }
        if hasID { codes.append(.notFound) }
        codes += endpoint.errors
        let unique = ErrorCode.allCases.filter(codes.contains)
        return Dictionary(grouping: unique, by: \.status).sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
