public import Foundation

extension APIClient {
    /// Sends a request, again if need be, and reads the answer's JSON.
    public func send<Value: Decodable & Sendable>(_ request: APIRequest, as type: Value.Type) async throws -> APIReply<Value> {
        let response = try await perform(request)
        do {
            return reply(try AudenciJSON.decode(type, from: response.body), response)
        } catch {
            throw AudenciError.unreadable(response, error)
        }
    }

    /// Sends a request, again if need be, and gives the answer's bytes, for example of a file.
    public func data(_ request: APIRequest) async throws -> APIReply<Data> {
        let response = try await perform(request)
        return reply(response.body, response)
    }

    private func reply<Value>(_ value: Value, _ response: TransportResponse) -> APIReply<Value> {
        APIReply(
            value: value, status: response.status, etag: response.header("ETag").map { ETag($0) },
            requestId: response.header("X-Request-Id"), rateLimit: RateLimit(response),
            isRepeat: response.header("Idempotency-Replayed") == "true")
    }

    /// One request in as many attempts as the policy allows; every attempt is the same, byte for byte.
    private func perform(_ request: APIRequest) async throws -> TransportResponse {
        let prepared = try prepare(request)
        var number = 1
        while true {
            try Task.checkCancellation()
            let failure: RetryPolicy.Failure
            let error: AudenciError
            do {
                let response = try await transport.send(prepared)
                if (200..<300).contains(response.status) { return response }
                error = AudenciError(response, now: surroundings.now())
                failure = .answer(status: response.status, code: error.code, retryAfter: error.retryAfter)
            } catch let cancelled as CancellationError {
                throw cancelled
            } catch let cause {
                try Task.checkCancellation()
                let place = "\(baseURL.host ?? baseURL.absoluteString) gave no answer"
                error = AudenciError(.connectionFailed, "\(place): \(cause)")
                failure = .noAnswer(isTransient: (cause as? TransportError)?.isTransient ?? true)
            }
            guard let wait = retries.wait(after: failure, attempt: number, jitter: surroundings.jitter()) else { throw error }
            try await surroundings.sleep(wait)
            number += 1
        }
    }

    private func prepare(_ request: APIRequest) throws -> TransportRequest {
        guard !key.text.isEmpty, key.text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw AudenciError(.unusableRequest, "the API key is empty or has characters that no key has")
        }
        var headers = [
            "Authorization": "Bearer \(key.text)", "Accept": "application/json", "User-Agent": "AudenciClient-Swift/1",
        ]
        if let etag = request.ifMatch { headers["If-Match"] = etag.value }
        if request.method != .get { headers["Idempotency-Key"] = request.idempotencyKey ?? surroundings.idempotencyKey() }
        let body: TransportRequest.Body?
        switch request.body {
        case nil: body = nil
        case .json(let bytes):
            headers["Content-Type"] = "application/json"
            body = .data(bytes)
        case .data(let bytes, let contentType):
            headers["Content-Type"] = contentType
            body = .data(bytes)
        case .file(let file, let contentType):
            headers["Content-Type"] = contentType
            body = .file(file)
        }
        return TransportRequest(
            method: request.method.rawValue, url: try url(of: request), headers: headers, body: body, timeout: request.timeout)
    }

    private func url(of request: APIRequest) throws -> URL {
        guard var parts = URLComponents(url: baseURL, resolvingAgainstBaseURL: true), parts.host?.isEmpty == false,
            parts.scheme == "https" || parts.scheme == "http"
        else { throw AudenciError(.unusableRequest, "\(baseURL) is no http or https address of a server") }
        // An empty id or a dot would turn the request for one resource into one for another.
        if let segment = request.path.first(where: { ["", ".", ".."].contains($0) }) {
            throw AudenciError(.unusableRequest, "\"\(segment)\" is no id; nothing was sent")
        }
        var base = parts.percentEncodedPath
        while base.hasSuffix("/") { base.removeLast() }
        if base.hasSuffix("/api") { base.removeLast(4) }
        parts.percentEncodedPath = base + "/api/" + request.path.map(Self.encoded).joined(separator: "/")
        var query = request.query.map { ($0.key, $0.value) }
        if isRehearsing, request.method != .get { query.append(("dryRun", "true")) }
        let text = query.sorted { $0.0 < $1.0 }.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        parts.percentEncodedQuery = text.isEmpty ? nil : text
        guard let url = parts.url else { throw AudenciError(.unusableRequest, "\(baseURL) is no address of a server") }
        return url
    }

    /// Everything but RFC 3986's unreserved characters; a plus would be read as a space.
    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
