package import Contract
package import Core

/// A delivery used up its schedule without success. Told at most once an hour for each webhook.
package struct WebhookDeliveryExhausted: Event {
    package var webhookID: WebhookID
    package var url: String
    package var deliveryID: DeliveryID
    package var eventID: EventID
    package var event: String
    package var attempts: Int
    package var lastError: String?

    package init(
        webhookID: WebhookID, url: String, deliveryID: DeliveryID, eventID: EventID, event: String, attempts: Int,
        lastError: String?
    ) {
        self.webhookID = webhookID
        self.url = url
        self.deliveryID = deliveryID
        self.eventID = eventID
        self.event = event
        self.attempts = attempts
        self.lastError = lastError
    }

    package static let type = "webhook.delivery_exhausted"
    package static let name = "WebhookDeliveryExhaustedEvent"
    package static let summary = "Delivery failed for good"
    package static let properties: [Property<Self>] = [
        Property("webhookId", "The webhook.") { $0.webhookID },
        Property("url", "Where its deliveries go, without the query.") { $0.url },
        Property("deliveryId", "The delivery.") { $0.deliveryID },
        Property("eventId", "The event.") { $0.eventID },
        Property("event", "The event's type.") { $0.event },
        Property("attempts", "How many attempts were made.") { $0.attempts },
        Property("lastError", "What kind of failure the last one was.") { $0.lastError },
    ]
    package static let example = WebhookDeliveryExhausted(
        webhookID: ID("cmb2k7q0x0000000000000007"), url: "https://your-domain.com/webhook",
        deliveryID: ID("cmb2k7q0x0000000000000008"), eventID: ID("cmb2k7q0x0000000000000009"), event: "post.published",
        attempts: 12, lastError: "timeout")

    package var scope: EventScope { EventScope(entity: webhookID.rawValue) }
}
