import Core
import Outbound

/// Requests to Meta's Graph API, shared by Instagram and Facebook.
struct GraphAPI {
    let session: PlatformSession
    let platform: Platform

    /// A read. `fields` in Graph's own notation.
    func get(
        _ path: String..., fields: String, query: [(name: String, value: String)] = [], maximumResponseBytes: Int = 262_144
    ) async throws(PublishFailure) -> JSONValue {
        let request = session.request(
            "GET", path, query: [("fields", fields)] + query, maximumResponseBytes: maximumResponseBytes)
        return try await answer(to: request, .invisible)
    }

    func post(
        _ path: String..., form: [(name: String, value: String)], _ reach: Reach
    ) async throws(PublishFailure) -> JSONValue {
        try await post(path, form: form, reach)
    }

    func post(
        _ path: [String], form: [(name: String, value: String)], _ reach: Reach
    ) async throws(PublishFailure) -> JSONValue {
        let request = session.request(
            "POST", path, headers: [("Content-Type", FormEncoding.contentType)], body: Array(FormEncoding.encode(form).utf8))
        return try await answer(to: request, reach)
    }

    func post(_ path: String..., multipart body: MultipartBody, _ reach: Reach) async throws(PublishFailure) -> JSONValue {
        let request = session.request("POST", path, headers: [("Content-Type", body.contentType)], body: body.closed())
        return try await answer(to: request, reach)
    }

    /// A POST whose answer is `{"id": "..."}`.
    func create(_ reach: Reach, _ send: () async throws(PublishFailure) -> JSONValue) async throws(PublishFailure) -> String {
        let json = try await send()
        guard let id = json.identifier("id") else {
            throw PublishFailure(unreadable: 200, from: platform, reach: reach)
        }
        return id
    }

    /// What Graph's lists are read in. A page may be empty and not be the last: Graph leaves out what may not be seen.
    struct Page {
        var entries: [JSONValue]
        /// The cursor of the next page. Nil on the last one, and where Graph goes on by times instead.
        var next: String?
        /// True when there is more, whether or not it can be asked for.
        var hasMore: Bool
    }

    /// One page of an edge. `paging.next` is never followed: it is a URL made by the peer, with the token in its query.
    func page(
        _ path: String..., fields: String, query: [(name: String, value: String)], after cursor: String?
    ) async throws(PublishFailure) -> Page {
        var query = query
        if let cursor { query.append(("after", cursor)) }
        let request = session.request(
            "GET", path, query: [("fields", fields)] + query, maximumResponseBytes: 4_194_304)
        let json = try await answer(to: request, .invisible)
        guard let entries = json["data"]?.array else {
            throw PublishFailure(unreadable: 200, from: platform, reach: .invisible)
        }
        let paging = json["paging"]
        let hasMore = paging?["next"] != nil
        return Page(entries: entries, next: hasMore ? paging?["cursors"]?.identifier("after") : nil, hasMore: hasMore)
    }

    private func answer(to request: OutboundRequest, _ reach: Reach) async throws(PublishFailure) -> JSONValue {
        let response = try await session.send(request, for: platform, reach)
        let json = response.json
        // Graph sends errors with 200 at times.
        if let error = json.flatMap({ GraphError($0) }) {
            throw error.failure(of: response, platform, reach, session)
        }
        guard (200..<300).contains(response.status) else { throw GraphError.failure(without: response, platform, reach) }
        guard let json, json.object != nil else {
            throw PublishFailure(unreadable: response.status, from: platform, reach: reach)
        }
        return json
    }
}
