public import Foundation

/// A request did not do what it should. Besides `CancellationError`, the only error that a client throws.
public struct AudenciError: Error, Hashable, Sendable {
    /// What is wrong with one field.
    public struct Detail: Codable, Hashable, Sendable {
        public var field: String
        public var issue: String
    }

    /// The HTTP status; nil when there was no answer.
    public var status: Int?
    /// Why, for programs.
    public var code: ErrorCode
    /// Why, for people.
    public var message: String
    /// What is wrong with each field.
    public var details: [Detail]
    /// What the server's log knows the request by.
    public var requestId: String?
    /// A page that explains the code.
    public var docUrl: String?
    /// How long the server asks to wait before another try.
    public var retryAfter: Duration?

    init(
        status: Int? = nil, _ code: ErrorCode, _ message: String, details: [Detail] = [], requestId: String? = nil,
        docUrl: String? = nil, retryAfter: Duration? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.details = details
        self.requestId = requestId
        self.docUrl = docUrl
        self.retryAfter = retryAfter
    }
}

extension AudenciError: CustomStringConvertible, LocalizedError {
    /// One line with everything that is needed to act, and to ask somebody.
    public var description: String {
        let issues = details.map { $0.field.isEmpty ? $0.issue : "\($0.field) \($0.issue)" }.filter { !message.contains($0) }
        let status = status.map { "\($0) " } ?? ""
        let request = requestId.map { " [request \($0)]" } ?? ""
        return "\(status)\(code): \(([message] + issues).joined(separator: "; "))\(request)"
    }

    public var errorDescription: String? { description }
}

extension AudenciError {
    /// What an answer with an error says.
    init(_ response: TransportResponse, now: Date) {
        let envelope = try? AudenciJSON.decode(ErrorEnvelope.self, from: response.body)
        let body = envelope?.error
        self.init(
            status: response.status, body?.code ?? .unreadableAnswer,
            body?.message ?? Self.strange(response.status), details: body?.details ?? [],
            requestId: body?.requestId ?? response.header("X-Request-Id"), docUrl: body?.docUrl,
            retryAfter: RetryAfter.duration(response.header("Retry-After"), now: now))
    }

    private static func strange(_ status: Int) -> String {
        switch status {
        case 300..<400:
            "the server answered \(status), a redirect, which would carry the key away; use the address it points to"
        default: "the server answered \(status) without saying why; is something else listening at the base URL?"
        }
    }

    /// A 2xx answer that is not what the API promises.
    static func unreadable(_ response: TransportResponse, _ error: any Error) -> AudenciError {
        AudenciError(
            status: response.status, .unreadableAnswer,
            "the answer is not what this version of the client expects: \(reason(error))",
            requestId: response.header("X-Request-Id"))
    }

    static func reason(_ error: any Error) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map(\.stringValue).joined(separator: ".")
            return path.isEmpty ? "" : " at \(path)"
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): return "there is no \(key.stringValue)\(place(context))"
        case .valueNotFound(_, let context): return "null\(place(context)), where there must be a value"
        case .typeMismatch(let type, let context): return "no \(type)\(place(context))"
        case .dataCorrupted(let context): return "\(context.debugDescription)\(place(context))"
        case nil: return "\(error)"
        @unknown default: return "\(error)"
        }
    }
}

/// `{"error":{...}}`, tolerant of what may be missing.
struct ErrorEnvelope: Decodable {
    struct Body: Decodable {
        var code: ErrorCode
        var message: String
        var details: [AudenciError.Detail]?
        var requestId: String?
        var docUrl: String?
    }
    var error: Body
}

extension AudenciError {
    init(status: Int?, _ body: ErrorEnvelope.Body) {
        self.init(
            status: status, body.code, body.message, details: body.details ?? [], requestId: body.requestId, docUrl: body.docUrl
        )
    }
}
