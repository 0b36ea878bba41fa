/// What the typed calls are made of.
extension APIClient {
    func get<Value: Decodable & Sendable>(_ path: [String], _ query: [String: String] = [:]) async throws -> Value {
        try await send(APIRequest(.get, path, query: query), as: Value.self).value
    }

    /// A write without a body.
    func write<Value: Decodable & Sendable>(
        _ method: APIRequest.Method, _ path: [String], ifMatch: ETag? = nil, idempotencyKey: String? = nil
    ) async throws -> Value {
        let request = APIRequest(method, path, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        return try await send(request, as: Value.self).value
    }

    /// A write with a JSON body.
    func write<Value: Decodable & Sendable>(
        _ method: APIRequest.Method, _ path: [String], _ body: some Encodable, ifMatch: ETag? = nil,
        idempotencyKey: String? = nil
    ) async throws -> Value {
        let request = try APIRequest(method, path, json: body, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        return try await send(request, as: Value.self).value
    }

    /// One page of a list.
    func page<Element: Decodable & Sendable>(
        _ path: [String], _ query: [String: String], limit: Int?, cursor: String?
    ) async throws -> Page<Element> {
        var query = query
        query["limit"] = limit.map(String.init)
        query["cursor"] = cursor
        return try await get(path, query)
    }

    /// Every element of a list, page by page.
    func all<Element: Decodable & Sendable>(_ path: [String], _ query: [String: String] = [:]) -> PagedSequence<Element> {
        PagedSequence { cursor in
            try await page(path, query, limit: PagedSequence<Element>.pageSize, cursor: cursor)
        }
    }
}

/// Query parameters out of optional filters.
struct Query {
    private(set) var parameters: [String: String] = [:]

    mutating func add(_ name: String, _ value: String?) { parameters[name] = value }
    mutating func add(_ name: String, _ values: [some OpenValue]?) {
        guard let values, !values.isEmpty else { return }
        parameters[name] = values.map(\.rawValue).joined(separator: ",")
    }
}
