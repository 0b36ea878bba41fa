public import Foundation

/// An event for a webhook.
public struct Delivery: Codable, Hashable, Identifiable, Sendable {
    public var id: String
    public var eventId: String
    public var event: EventType
    public var webhookId: String
    /// Counts the webhook's deliveries without gaps.
    public var sequence: Int?
    public var state: DeliveryState
    public var attempts: Int
    public var nextAttemptAt: Date?
    public var lastStatusCode: Int?
    public var lastErrorClass: String?
    public var createdAt: Date
    public var deliveredAt: Date?
}

/// One request of a delivery.
public struct Attempt: Codable, Hashable, Sendable {
    public var number: Int
    public var trigger: AttemptTrigger
    public var startedAt: Date
    public var durationMs: Int
    public var statusCode: Int?
    public var errorClass: String?
    public var error: String?
    public var request: Request
    public var response: Response?
    public var phases: Phases

    /// What was sent, secrets redacted.
    public struct Request: Codable, Hashable, Sendable {
        public var url: String
        public var headers: [String: String]
    }

    /// What the receiver answered.
    public struct Response: Codable, Hashable, Sendable {
        public var headers: [String: String]
        public var body: String
        /// Whether `body` is base64, as it is no text.
        public var base64: Bool?
        public var truncated: Bool
    }

    /// Milliseconds that each part took.
    public struct Phases: Codable, Hashable, Sendable {
        public var queue: Double?
        public var dns: Double?
        public var connect: Double?
        public var tls: Double?
        public var ttfb: Double?
        public var total: Double
        public var reusedConnection: Bool?
        public var remoteAddress: String?
    }
}

/// What a test of a webhook showed.
public struct WebhookTest: Codable, Hashable, Sendable {
    public var success: Bool
    public var delivery: Delivery
    public var attempt: Attempt
    /// The request, byte for byte.
    public var request: WebhookPreview
}

/// The request that a webhook would send, or sent.
public struct WebhookPreview: Codable, Hashable, Sendable {
    public var method: String
    public var url: String
    public var headers: [String: String]
    public var body: String
    public var curl: String
}
