package import Core

/// The one declaration of a route. The router, the OpenAPI document, validation, the reference page and the test matrix
/// are all made from it, so they cannot drift apart.
///
/// ```swift
/// Endpoint("PUT", "/api/posts/{id}", id: "posts.update", "Change a post.", scope: .readWrite,
///          PathParameter("id", as: PostID.self, "The post."), JSONBody(PostInput.self)) { caller, id, input in
///     OK(try await posts.update(id, with: input, for: caller))
/// }
/// ```
package struct Endpoint: Sendable {
    package let method: String
    /// `{name}` stands for a parameter, as in OpenAPI and in Hummingbird.
    package let path: String
    /// The operation's id: `posts.update`.
    package let id: String
    package let summary: String
    package let scope: Scope
    package let status: Int
    package let errors: [ErrorCode]
    /// The example of the JSON body, when there is a body.
    package let describe: @Sendable (inout OperationDescription) -> ReplyDescription
    package let respond: @Sendable (Caller, APIRequest) async throws -> Reply

    /// - Parameters:
    ///   - errors: what it can answer beyond the errors that every endpoint of its kind has.
    package init<Output: ReplyBody, each Part: RequestPart>(
        _ method: String, _ path: String, id: String, _ summary: String, scope: Scope, errors: [ErrorCode] = [],
        _ parts: repeat each Part,
        handler: @escaping @Sendable (Caller, repeat (each Part).Value) async throws -> Output
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.summary = summary
        self.scope = scope
        self.errors = errors
        status = Output.status
        var names: [String] = []
        for part in repeat each parts { names += part.queryNames }
        let known = names
        describe = { operation in
            for part in repeat each parts { part.describe(into: &operation) }
            return ReplyDescription(
                schema: Output.replySchema(collecting: &operation.schemas), headers: Output.replyHeaders,
                example: Output.replyExample, contentType: Output.replyContentType)
        }
        respond = { caller, request in
            var issues: [FieldIssue] = []
            for (name, _) in request.query where !known.contains(name) {
                let allowed = known.isEmpty ? "this endpoint takes none" : "known are \(known.joined(separator: ", "))"
                issues.append(FieldIssue(name, "is not a known query parameter; \(allowed)"))
            }
            let values = (repeat try (each parts).extract(from: request, issues: &issues))
            guard issues.isEmpty else { throw APIError.invalid(issues) }
            func required<Value>(_ value: Value?) throws -> Value {
                guard let value else { throw APIError(.invalidRequest, "The request is invalid.") }
                return value
            }
            return try await handler(caller, repeat try required(each values)).reply(to: request)
        }
    }
}

/// What a successful answer looks like, for the document.
package struct ReplyDescription: Sendable {
    package var schema: JSONValue
    package var headers: [JSONValue.Member]
    package var example: JSONValue?
    package var contentType: String
}
