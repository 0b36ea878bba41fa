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
    package private(set) var method: String
    /// `{name}` stands for a parameter, as in OpenAPI and in Hummingbird.
    package let path: String
    /// The operation's id: `posts.update`.
    package private(set) var id: String
    package let summary: String
    package let scope: Scope
    /// The least role that the key's member must have.
    package let role: Role
    package let status: Int
    package let errors: [ErrorCode]
    /// Bytes of the body that are accepted; nil: the server's usual limit.
    package let bodyLimit: Int?
    /// True when `?dryRun=true` can rehearse it: all that it does is done in the database.
    package let canRehearse: Bool
    /// True for what changes something.
    package var isWrite: Bool { method != "GET" }
    package let describe: @Sendable (inout OperationDescription) -> ReplyDescription
    package let respond: @Sendable (Caller, APIRequest) async throws -> Reply

    /// - Parameters:
    ///   - role: when it is another than the scope's own (``Scope/role``).
    ///   - errors: what it can answer beyond the errors that every endpoint of its kind has.
    ///   - canRehearse: false for what acts outside the database, such as a request to a webhook.
    package init<Output: ReplyBody, each Part: RequestPart>(
        _ method: String, _ path: String, id: String, _ summary: String, scope: Scope, role: Role? = nil,
        errors: [ErrorCode] = [], bodyLimit: Int? = nil, canRehearse: Bool = true, _ parts: repeat each Part,
        handler: @escaping @Sendable (Caller, repeat (each Part).Value) async throws -> Output
    ) {
        self.method = method
        self.path = path
        self.id = id
        self.summary = summary
        self.scope = scope
        self.role = role ?? scope.role
        self.errors = errors
        self.bodyLimit = bodyLimit
        self.canRehearse = canRehearse
        status = Output.status
        var names: [String] = []
        for part in repeat each parts { names += part.queryNames }
        let selection = Output.selection
        let selectable = selection?.fields
        let isRehearsable = canRehearse && method != "GET"
        if isRehearsable { names.append("dryRun") }
        if selection != nil { names.append("fields") }
        let known = names
        describe = { operation in
            for part in repeat each parts { part.describe(into: &operation) }
            if let selection {
                operation.parameters.append(CommonParameters.fields(selection, collecting: &operation.schemas))
            }
            let hasTag = Output.replyHeaders.contains { $0.key == "ETag" }
            CommonParameters.add(
                to: &operation, isWrite: method != "GET", isOfOne: path.contains("{"), isRehearsable: isRehearsable,
                hasTag: hasTag)
            var schema = Output.replySchema(collecting: &operation.schemas)
            if let (object, relations) = operation.expanded {
                schema = schema.replacing(object, with: ["allOf": [object, ["type": "object", "properties": relations]]])
            }
            return ReplyDescription(
                schema: schema, headers: Output.replyHeaders, example: Output.replyExample,
                contentTypes: Output.replyContentTypes, otherStatus: Output.otherStatus)
        }
        respond = { caller, request in
            var issues: [FieldIssue] = []
            for (name, _) in request.query where !known.contains(name) {
                let allowed = known.isEmpty ? "this endpoint takes none" : "known are \(known.joined(separator: ", "))"
                issues.append(FieldIssue(name, "is not a known query parameter; \(allowed)"))
            }
            CommonParameters.check(request.query, selectable: selectable, issues: &issues)
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

extension Endpoint {
    /// The same operation under another method.
    package func renamed(method: String, id: String) -> Endpoint {
        var other = self
        other.method = method
        other.id = id
        return other
    }
}

extension [Endpoint] {
    /// These and, for every `PUT`, the `PATCH` that does the same: both merge.
    package var withPatches: [Endpoint] {
        let patches = filter { put in
            put.method == "PUT" && !contains { $0.method == "PATCH" && $0.path == put.path }
        }
        return self + patches.map { $0.renamed(method: "PATCH", id: $0.id.replacing("update", with: "patch")) }
    }
}

/// What a successful answer looks like, for the document.
package struct ReplyDescription: Sendable {
    package var schema: JSONValue
    package var headers: [JSONValue.Member]
    package var example: JSONValue?
    package var contentTypes: [String]
    /// A second status that has the same body.
    package var otherStatus: Int?
}
