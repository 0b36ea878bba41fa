import Contract
import Core
import Features
import HTTPServer
import Outbound

/// `/bin/{id}`: takes any request, keeps it, and answers as the bin was told.
struct BinRoute: Sendable {
    let bins: BinStore

    var routes: [PlainRoute] {
        ["GET", "POST", "PUT", "PATCH", "DELETE"].map { method in
            PlainRoute(method, "/bin/{id}", isLogged: false) { request in
                let id = request.pathParameters.first { $0.name == "id" }?.value ?? ""
                let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
                let taken = try await bins.take(
                    ID(id), method: method, path: request.path + (query.isEmpty ? "" : "?" + query),
                    headers: request.allHeaders(),
                    body: request.body)
                guard let bin = taken else { throw APIError.notFound("bin") }
                return try await Self.reply(of: bin)
            }
        }
    }

    private static func reply(of bin: Bin) async throws -> Reply {
        if bin.delayMS > 0 { try await Task.sleep(for: .milliseconds(bin.delayMS)) }
        let headers = [("Content-Type", "text/plain; charset=utf-8")]
        switch bin.behavior {
        case .answer: return Reply(status: bin.status, headers: headers, body: Array(bin.responseBody.utf8))
        case .hang:
            // Longer than any webhook waits; not for ever, for connections are limited.
            try await Task.sleep(for: .seconds(35))
            return Reply(status: 504, headers: headers, body: [])
        case .garbage: return Reply(status: bin.status, headers: headers, body: (0..<64).map { UInt8($0 * 37 & 0xFF) })
        case .reset: return Reply(status: bin.status, headers: headers, body: [], stream: { _ in throw ConnectionGivenUp() })
        }
    }

    private struct ConnectionGivenUp: Error {}
}

/// Serves deliveries to bins of this server in-process: they need no certificate, and our own address stays out of bounds
/// for everything else.
struct BinTransport: Transport {
    let bins: BinStore
    let next: any Transport

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        guard let id = Self.bin(of: request.url, bins.publicURL) else { return try await next.send(request) }
        let start = ContinuousClock.now
        func phases() -> OutboundPhases { OutboundPhases(ttfb: nil, total: (ContinuousClock.now - start).inSeconds * 1000) }
        let taken: Bin?
        do {
            taken = try await bins.take(
                id, method: request.method, path: "/bin/\(id)", headers: request.headers, body: request.body)
        } catch {
            throw OutboundError(
                .connection_reset, "The bin could not keep the request.", isBeforeEffect: false, phases: phases())
        }
        guard let bin = taken else { return OutboundResponse(status: 404, phases: phases(), remoteAddress: "bin") }
        let delay = bin.behavior == .hang ? request.deadline : min(.milliseconds(bin.delayMS), request.deadline)
        try? await Task.sleep(for: delay)
        if delay >= request.deadline {
            throw OutboundError(.timeout, "No answer within \(request.deadline).", isBeforeEffect: false, phases: phases())
        }
        switch bin.behavior {
        case .answer, .hang:
            return OutboundResponse(
                status: bin.status, headers: [("content-type", "text/plain")], body: Array(bin.responseBody.utf8),
                phases: phases(), remoteAddress: "bin")
        case .garbage:
            throw OutboundError(.invalid_response, "The answer is no HTTP.", isBeforeEffect: false, phases: phases())
        case .reset:
            throw OutboundError(
                .connection_reset, "The connection was closed without an answer.", isBeforeEffect: false, phases: phases())
        }
    }

    /// The bin that a URL names; nil for every other URL.
    static func bin(of url: String, _ publicURL: String) -> BinID? {
        let prefix = publicURL + "/bin/"
        guard url.hasPrefix(prefix) else { return nil }
        let id = url.dropFirst(prefix.count).prefix { $0 != "?" && $0 != "#" }
        return id.isEmpty || id.contains("/") ? nil : ID(String(id))
    }
}

/// Lets webhooks point at bins of this server, whatever its own address is.
struct BinURLCheck: WebhookURLCheck {
    let publicURL: String
    let next: any WebhookURLCheck

    func check(_ url: String) async throws(APIError) {
        guard BinTransport.bin(of: url, publicURL) == nil else { return }
        try await next.check(url)
    }

    func check(_ authentication: WebhookAuthentication, now: Instant) async throws(APIError) {
        try await next.check(authentication, now: now)
    }
}
