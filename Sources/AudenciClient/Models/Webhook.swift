public import Foundation

/// An endpoint that wants events.
public struct Webhook: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var url: String
    public var description: String?
    /// Names, `post.*`, or `*`.
    public var events: [EventType]
    /// Further headers, their values masked.
    public var headers: [String: String]
    public var enabled: Bool
    public var disabledReason: String?
    public var retry: WebhookRetry?
    public var timeoutSeconds: Int
    public var format: String
    public var formatOptions: JSONValue?
    public var payloadVersion: String
    public var filter: JSONValue?
    public var ordering: String
    public var batch: WebhookBatch?
    public var ratePerSecond: Double?
    public var concurrency: Int
    public var finalStatuses: [Int]
    public var signatureFormat: String
    public var ed25519: Bool
    /// Its secrets masked.
    public var authentication: WebhookAuthentication?
    public var health: WebhookHealth?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// A new webhook with the key of its signatures.
public struct NewWebhook: Decodable, Hashable, Sendable {
    public var webhook: Webhook
    /// `whsec_...`, for a ``WebhookVerifier``.
    public var secret: String

    private enum CodingKeys: String, CodingKey { case secret }

    public init(from decoder: any Decoder) throws {
        secret = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .secret)
        webhook = try Webhook(from: decoder)
    }
}

/// Since when a webhook has accepted nothing.
public struct WebhookHealth: Codable, Hashable, Sendable {
    public var failingSince: Date?
    public var lastFailureAt: Date?
    public var failures: Int?
    public var failedEvents: Int?
    public var lastErrorClass: String?
    public var alertedHours: Int?
    public var nextProbeAt: Date?
}

/// The keys that sign for a webhook now.
public struct WebhookSecret: Codable, Hashable, Sendable {
    /// A key and when it signs.
    public struct Key: Codable, Hashable, Sendable {
        public var secret: String
        public var from: Date
        public var until: Date?
    }

    public var secret: String
    /// Takes over at `promotesAt`, or when promoted.
    public var nextSecret: String?
    public var promotesAt: Date?
    public var keys: [Key]
}

/// An event that webhooks can ask for.
public struct CatalogEntry: Codable, Hashable, Sendable {
    public var type: EventType
    public var summary: String
    public var schema: JSONValue
    public var sample: JSONValue
}
