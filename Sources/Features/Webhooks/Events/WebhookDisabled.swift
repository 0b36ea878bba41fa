package import Contract
package import Core

/// The server disabled a webhook; its events are held.
package struct WebhookDisabled: Event {
    package var webhookID: WebhookID
    package var url: String
    package var reason: String
    package var heldUntil: Instant?

    package init(webhookID: WebhookID, url: String, reason: String, heldUntil: Instant?) {
        self.webhookID = webhookID
        self.url = url
        self.reason = reason
        self.heldUntil = heldUntil
    }

    package static let type = "webhook.disabled"
    package static let name = "WebhookDisabledEvent"
    package static let summary = "Webhook disabled by the server"
    package static let properties: [Property<Self>] = [
        Property("webhookId", "The webhook.") { $0.webhookID },
        Property("url", "Where its deliveries go, without the query.") { $0.url },
        Property("reason", "Why.") { $0.reason },
        Property("heldUntil", "How long what is held now is kept.") { $0.heldUntil },
    ]
    package static let example = WebhookDisabled(
        webhookID: ID("cmb2k7q0x0000000000000007"), url: "https://your-domain.com/webhook",
        reason: "The receiver answered 410 Gone.", heldUntil: Instant(seconds: 1_770_114_600))

    package var scope: EventScope { EventScope(entity: webhookID.rawValue) }
}
