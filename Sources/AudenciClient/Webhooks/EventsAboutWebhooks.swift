public import Foundation

/// Somebody tested a webhook.
public struct WebhookTestEvent: Codable, Hashable, Sendable {
    public var webhookId: String
    public var message: String
}

/// A webhook that gets nothing any more.
public struct WebhookDisabledEvent: Codable, Hashable, Sendable {
    public var webhookId: String
    public var url: String
    public var reason: String
    /// Until then what it misses can be sent after all.
    public var heldUntil: Date?
}

/// A webhook that has failed for hours.
public struct WebhookFailingEvent: Codable, Hashable, Sendable {
    public var webhookId: String
    public var url: String
    public var failingSince: Date
    public var hours: Int
    public var failedEvents: Int
    public var lastError: String?
}

/// A webhook that accepts again.
public struct WebhookRecoveredEvent: Codable, Hashable, Sendable {
    public var webhookId: String
    public var url: String
    public var failingSince: Date
    public var enabledAgain: Bool
}

/// A delivery that is not tried again.
public struct WebhookDeliveryExhaustedEvent: Codable, Hashable, Sendable {
    public var webhookId: String
    public var url: String
    public var deliveryId: String
    public var eventId: String
    public var event: EventType
    public var attempts: Int
    public var lastError: String?
}

/// Somebody looked at a webhook's key, or replaced it.
public struct WebhookSecretRevealedEvent: Codable, Hashable, Sendable {
    public var webhookId: String
    public var url: String
    /// `shown`, `rotated` or `promoted`.
    public var action: String
    public var keyId: String
}
