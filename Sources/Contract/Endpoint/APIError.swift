import Core

/// Every error that the API answers, in one closed vocabulary. Each is documented at its `docUrl`.
package enum ErrorCode: String, Sendable, CaseIterable {
    case invalidRequest = "invalid_request"
    case invalidJSON = "invalid_json"
    case unauthorized
    case insufficientScope = "insufficient_scope"
    case forbidden
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case conflict
    case invalidTransition = "invalid_transition"
    case idempotencyInFlight = "idempotency_in_flight"
    case idempotencyKeyReused = "idempotency_key_reused"
    case preconditionFailed = "precondition_failed"
    case payloadTooLarge = "payload_too_large"
    case unsupportedMediaType = "unsupported_media_type"
    case rateLimited = "rate_limited"
    case quotaExceeded = "quota_exceeded"
    case insufficientCredits = "insufficient_credits"
    case webhookURLNotHTTPS = "webhook_url_not_https"
    case webhookURLRefused = "webhook_url_refused"
    case requestTimeout = "request_timeout"
    case internalError = "internal_error"
    case unavailable

    /// The HTTP status that goes with it.
    package var status: Int {
        switch self {
        case .invalidRequest, .invalidJSON, .webhookURLNotHTTPS, .webhookURLRefused: 400
        case .unauthorized: 401
        case .insufficientScope, .forbidden, .quotaExceeded, .insufficientCredits: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .conflict, .invalidTransition, .idempotencyInFlight, .idempotencyKeyReused: 409
        case .preconditionFailed: 412
        case .payloadTooLarge: 413
        case .unsupportedMediaType: 415
        case .rateLimited: 429
        case .internalError: 500
        case .unavailable: 503
        }
    }

    /// What it means and what to do about it, for the page at `docUrl`.
    package var explanation: String {
        switch self {
        case .invalidRequest:
            "A field, a filter or a parameter has a value that is not allowed. `details` names each field and what is allowed. Nothing was changed; correct the request and send it again."
        case .invalidJSON: "The body is not valid JSON (RFC 8259). The message says what is wrong and at which byte."
        case .unauthorized:
            "There is no API key, or it is mistyped, unknown, expired or revoked. Send `Authorization: Bearer YOUR_API_KEY`; create a key under Settings, API Keys, or with `audenci keys create`."
        case .insufficientScope: "The key is valid but its scope does not allow this. The message names the scope that does."
        case .forbidden:
            "The key is valid, but the member who made it has a role that does not allow this, or the key may not be used from this address."
        case .notFound:
            "Nothing of that id exists in this organization. What belongs to another organization answers the same."
        case .methodNotAllowed: "The path exists, the method does not. The `Allow` header lists those that do."
        case .conflict: "The request contradicts the present state, for example a name that is taken."
        case .invalidTransition: "The post's status does not allow this step. `details` lists the steps that are allowed now."
        case .idempotencyInFlight:
            "A request with the same `Idempotency-Key` is being worked on. Wait as many seconds as `Retry-After` says and send it again: the answer will be the first one's."
        case .idempotencyKeyReused:
            "The `Idempotency-Key` was used for another request within the last 24 hours. Make a new key for each new request; keep it only when repeating the same one."
        case .preconditionFailed: "`If-Match` named another version than the present one: someone changed it in between."
        case .payloadTooLarge: "The body is larger than the server accepts; the message says how much is allowed."
        case .unsupportedMediaType:
            "The body is of another `Content-Type` than the operation takes, mostly `application/json`, or its `Content-Encoding` is neither absent nor gzip."
        case .rateLimited:
            "The organization has used up its requests for this hour. Wait as many seconds as `Retry-After` says; use exponential backoff."
        case .quotaExceeded: "The plan's quota is used up, for example the posts of this calendar month."
        case .insufficientCredits:
            "What was asked for costs more credits than are left. The message says how many it needs, how many there are and when the plan's next credits come; `GET /api/credits` shows the prices. Nothing was charged."
        case .webhookURLNotHTTPS: "Webhook URLs must begin with `https://`: deliveries are signed, not encrypted by us."
        case .webhookURLRefused:
            "The webhook's URL points where deliveries must not go: a private, local or reserved address, a port below 1024 other than 443, or a URL with credentials. An operator can allow single hosts with AUDENCI_OUTBOUND_ALLOW."
        case .requestTimeout: "The request did not arrive whole within the server's limit."
        case .internalError: "Something failed inside the server. It is logged under `requestId`; nothing was acknowledged."
        case .unavailable: "The server is starting, stopping or cannot write. Try again after `Retry-After` seconds."
        }
    }
}

/// An answer that is an error. Thrown anywhere below the router, rendered in one place.
package struct APIError: Error, Sendable, CustomStringConvertible {
    package var code: ErrorCode
    package var message: String
    package var details: [FieldIssue]
    /// Further headers, such as `Allow` or `Retry-After`.
    package var headers: [(name: String, value: String)]

    package init(
        _ code: ErrorCode, _ message: String, details: [FieldIssue] = [], headers: [(name: String, value: String)] = []
    ) {
        self.code = code
        self.message = message
        self.details = details
        self.headers = headers
    }

    /// In a sentence, for whoever runs a command or reads a log; every issue when there are several.
    package var description: String {
        guard details.count > 1 else { return message }
        return details.map { $0.field.isEmpty ? $0.issue : "\($0.field) \($0.issue)" }.joined(separator: "; ")
    }

    /// 400 with one issue for each field.
    package static func invalid(_ issues: [FieldIssue]) -> APIError {
        let fields = issues.map { $0.field.isEmpty ? $0.issue : "\($0.field) \($0.issue)" }
        let first = fields.first ?? "the request is invalid"
        let more = fields.count > 1 ? " (and \(fields.count - 1) more)" : ""
        return APIError(.invalidRequest, first + more, details: issues)
    }

    package static func invalid(_ field: String, _ issue: String) -> APIError { invalid([FieldIssue(field, issue)]) }

    /// 404; the same words whether it never existed or belongs to another organization.
    package static func notFound(_ what: String) -> APIError {
        APIError(.notFound, "There is no \(what) with this id in this organization.")
    }

    /// `{"error":{"code","message","details":[{"field","issue"}],"requestId","docUrl"}}`.
    package func body(requestID: String, publicURL: String) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("error")
        writer.beginObject()
        writer.key("code"); writer.string(code.rawValue)
        writer.key("message"); writer.string(message)
        writer.key("details")
        writer.beginArray()
        for detail in details {
            writer.beginObject()
            writer.key("field"); writer.string(detail.field)
            writer.key("issue"); writer.string(detail.issue)
            writer.endObject()
        }
        writer.endArray()
        writer.key("requestId"); writer.string(requestID)
        writer.key("docUrl"); writer.string("\(publicURL)/docs/errors/\(code.rawValue)")
        writer.endObject()
        writer.endObject()
        return writer.bytes
    }

    /// RFC 9457 `application/problem+json`, for callers that ask for it.
    package func problem(requestID: String, publicURL: String) -> [UInt8] {
        let page = "\(publicURL)/docs/errors/\(code.rawValue)"
        let issues = details.map { detail -> JSONValue in
            let pointer = detail.field.isEmpty ? "#" : "#/" + detail.field.split(separator: ".").joined(separator: "/")
            return ["pointer": .string(pointer), "detail": .string(detail.issue)]
        }
        let problem: JSONValue = [
            "type": .string(page), "title": .string(code.rawValue), "status": .int(Int64(code.status)),
            "detail": .string(message),
            "instance": .string("/requests/\(requestID)"), "code": .string(code.rawValue), "requestId": .string(requestID),
            "errors": .array(issues),
        ]
        return problem.bytes
    }
}
