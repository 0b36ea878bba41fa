/// A webhook to be created.
///
/// Only `url` and `events` are needed; the rest has the server's standards.
public struct WebhookDraft: Codable, Hashable, Sendable {
    /// `https://`.
    public var url: String
    /// Names, `post.*`, or `*`.
    public var events: [EventType]
    public var headers: [String: String]?
    public var enabled: Bool?
    public var description: String?
    public var retry: WebhookRetry?
    public var timeoutSeconds: Int?
    public var format: String?
    public var formatOptions: JSONValue?
    public var payloadVersion: String?
    public var filter: JSONValue?
    public var ordering: String?
    public var batch: WebhookBatch?
    public var ratePerSecond: Double?
    public var concurrency: Int?
    public var finalStatuses: [Int]?
    public var signatureFormat: String?
    public var ed25519: Bool?
    public var authentication: WebhookAuthentication?

    public init(
        url: String, events: [EventType], headers: [String: String]? = nil, enabled: Bool? = nil, description: String? = nil
    ) {
        self.url = url
        self.events = events
        self.headers = headers
        self.enabled = enabled
        self.description = description
    }
}

/// What is to be different about a webhook. What is not named stays.
public struct WebhookChange: Encodable, Hashable, Sendable {
    public var url: String?
    public var events: [EventType]?
    public var enabled: Bool?
    public var timeoutSeconds: Int?
    public var format: String?
    public var payloadVersion: String?
    public var ordering: String?
    public var concurrency: Int?
    public var signatureFormat: String?
    public var ed25519: Bool?
    public var description: Change<String> = .keep
    public var headers: Change<[String: String]> = .keep
    public var retry: Change<WebhookRetry> = .keep
    public var formatOptions: Change<JSONValue> = .keep
    public var filter: Change<JSONValue> = .keep
    public var batch: Change<WebhookBatch> = .keep
    public var ratePerSecond: Change<Double> = .keep
    public var finalStatuses: Change<[Int]> = .keep
    public var authentication: Change<WebhookAuthentication> = .keep

    public init(url: String? = nil, events: [EventType]? = nil, enabled: Bool? = nil) {
        self.url = url
        self.events = events
        self.enabled = enabled
    }
}
