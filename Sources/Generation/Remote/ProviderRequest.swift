import Core
import Outbound

/// One request to a provider, and its answer as JSON or as the ``GenerationIssue`` that it amounts to.
struct ProviderRequest: Sendable {
    let baseURL: String
    let key: Secret?
    let model: String
    let transport: any Transport

    /// Posts `body` and returns the answer's JSON with the time that it took.
    func post(
        _ path: String, _ body: JSONValue, deadline: Duration, maximumBytes: Int
    ) async throws(GenerationIssue) -> (json: JSONValue, took: Duration) {
        guard deadline > .zero else { throw .timedOut(.zero) }
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"), ("Accept", "application/json"), ("User-Agent", "Audenci"),
        ]
        if let key { headers.append(("Authorization", "Bearer \(key.reveal())")) }
        var base = baseURL
        while base.hasSuffix("/") { base.removeLast() }
        // Not sent twice: every answer may cost money, also one that got lost.
        let request = OutboundRequest(
            "POST", base + path, headers: headers, body: body.bytes, deadline: deadline, maximumResponseBytes: maximumBytes,
            retriesStaleConnection: false)
        let response: OutboundResponse
        do throws(OutboundError) {
            response = try await transport.send(request)
        } catch {
            if Task.isCancelled { throw .cancelled }
            switch error.errorClass {
            case .timeout, .body_timeout, .connect_timeout: throw .timedOut(deadline)
            case .dns_error, .connect_refused, .network_unreachable, .tls_untrusted, .tls_expired, .tls_hostname, .tls_error,
                .connection_reset, .blocked_address, .invalid_url, .invalid_response, .not_sent:
                throw .unreachable(error.errorClass, redacted(error.message) ?? "no connection.")
            }
        }
        let json = try? JSONValue(parsing: response.body)
        guard (200..<300).contains(response.status) else { throw issue(response, json) }
        guard !response.isTruncated else { throw .tooLarge(limit: maximumBytes) }
        guard let json else { throw .notJSON }
        return (json, .milliseconds(Int64(min(max(response.phases.total, 0), 86_400_000))))
    }

    private func issue(_ response: OutboundResponse, _ json: JSONValue?) -> GenerationIssue {
        switch response.status {
        case 401, 403: return .unauthorized(status: response.status)
        case 404: return .notFound(model: model)
        case 429: return .rateLimited(retryAfter: response.header("retry-after").flatMap(Self.wait))
        default:
            // OpenAI has an object there, Ollama and others a text.
            let said = json?["error"]?["message"]?.string ?? json?["error"]?.string
            return .rejected(status: response.status, said.flatMap(redacted))
        }
    }

    /// Whole or fractional seconds, at most a day; a date is not read, since its clock may not be ours.
    private static func wait(_ header: String) -> Duration? {
        guard let seconds = Double(header), seconds.isFinite, seconds >= 0 else { return nil }
        return .milliseconds(Int64((min(seconds, 86_400) * 1_000).rounded(.up)))
    }

    /// What a provider says, for people: one line, short, and nothing at all when a part of the key is in it.
    private func redacted(_ text: String) -> String? {
        if let key = key?.reveal() {
            let secret = Array(key.utf8)
            let said = text.utf8
            let length = min(8, secret.count)
            for start in 0...(secret.count - length) where length > 0 {
                if said.firstRange(of: secret[start..<(start + length)]) != nil { return nil }
            }
        }
        let line = text.unicodeScalars.map { scalar -> Character in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: " "
            default: Character(scalar)
            }
        }
        let short = String(line.prefix(200))
        return short.allSatisfy(\.isWhitespace) ? nil : short
    }
}
