import Core
import Outbound

extension PlatformSession {
    /// A request with the account's token in its `Authorization` header: tokens in URLs end up in logs.
    /// - Parameter path: segments, encoded here.
    func request(
        _ method: String, _ path: [String], query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8] = [], maximumResponseBytes: Int = 262_144
    ) -> OutboundRequest {
        var url = baseURL
        for segment in path { url += "/" + segment.percentEncoded }
        if !query.isEmpty { url += "?" + FormEncoding.encode(query) }
        return OutboundRequest(
            method, url,
            headers: [("Authorization", "Bearer \(token.reveal())"), ("Accept", "application/json")] + headers, body: body,
            deadline: .seconds(15), maximumResponseBytes: maximumResponseBytes)
    }

    /// Sends it. The visible request goes over a connection of its own, because a kept-alive one that turns out to be
    /// dead would be answered by sending twice.
    func send(_ request: OutboundRequest, for platform: Platform, _ reach: Reach) async throws(PublishFailure)
        -> OutboundResponse
    {
        var request = request
        if reach == .visible { request.retriesStaleConnection = false }
        do {
            return try await transport.send(request)
        } catch {
            throw PublishFailure(error, from: platform, reach: reach)
        }
    }

    /// The platform's own words, shortened to what fits a log line; a token that is echoed in them is struck out.
    func quoted(_ words: String?) -> String? {
        guard let words, !words.isEmpty else { return nil }
        let secret = token.reveal()
        guard !secret.isEmpty else { return String(words.prefix(300)) }
        let pieces = words.split(separator: secret, omittingEmptySubsequences: false)
        return String(pieces.joined(separator: "•••").prefix(300))
    }
}

extension OutboundResponse {
    /// The body as JSON; nil when it is none, or was cut off.
    var json: JSONValue? { isTruncated ? nil : try? JSONValue(parsing: body) }
}

extension JSONValue {
    /// An id: a text or a number, of a length that ids have.
    func identifier(_ key: String) -> String? {
        let text = self[key]?.string ?? self[key]?.int.map { String($0) }
        guard let text, !text.isEmpty, text.utf8.count <= 128 else { return nil }
        return text
    }

    /// A link that may be shown to users and stored: http or https, of sane length.
    func link(_ key: String) -> String? {
        guard let text = self[key]?.string, text.utf8.count <= 2048, text.hasPrefix("https://") || text.hasPrefix("http://")
        else {
            return nil
        }
        return text
    }
}
