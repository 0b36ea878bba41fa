/// Why a request failed. Each code that a server answers is explained at the error's ``AudenciError/docUrl``.
public struct ErrorCode: OpenValue {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let invalidRequest: Self = "invalid_request"
    public static let invalidJSON: Self = "invalid_json"
    public static let unauthorized: Self = "unauthorized"
    public static let insufficientScope: Self = "insufficient_scope"
    public static let forbidden: Self = "forbidden"
    public static let notFound: Self = "not_found"
    public static let methodNotAllowed: Self = "method_not_allowed"
    public static let conflict: Self = "conflict"
    public static let invalidTransition: Self = "invalid_transition"
    public static let idempotencyInFlight: Self = "idempotency_in_flight"
    public static let idempotencyKeyReused: Self = "idempotency_key_reused"
    public static let preconditionFailed: Self = "precondition_failed"
    public static let payloadTooLarge: Self = "payload_too_large"
    public static let unsupportedMediaType: Self = "unsupported_media_type"
    public static let rateLimited: Self = "rate_limited"
    public static let quotaExceeded: Self = "quota_exceeded"
    public static let insufficientCredits: Self = "insufficient_credits"
    public static let webhookURLNotHTTPS: Self = "webhook_url_not_https"
    public static let webhookURLRefused: Self = "webhook_url_refused"
    public static let requestTimeout: Self = "request_timeout"
    public static let internalError: Self = "internal_error"
    public static let unavailable: Self = "unavailable"

    /// Of this library: no server answered.
    public static let connectionFailed: Self = "client_connection_failed"
    /// Of this library: what answered does not speak this API, or another version of it.
    public static let unreadableAnswer: Self = "client_unreadable_answer"
    /// Of this library: the request cannot be made; nothing was sent.
    public static let unusableRequest: Self = "client_unusable_request"
}
