package import Contract
package import Core

/// Somebody looked at a webhook's signing keys, or replaced them: the record of who and when. The keys are not in here.
package struct WebhookSecretRevealed: Event {
    package enum Action: String, Sendable, CaseIterable, APIEnum { case shown, rotated, promoted }

    package var webhookID: WebhookID
    package var url: String
    package var action: Action
    package var keyID: KeyID

    package init(webhookID: WebhookID, url: String, action: Action, keyID: KeyID) {
        self.webhookID = webhookID
        self.url = url
        self.action = action
        self.keyID = keyID
    }

    package static let type = "webhook.secret_revealed"
    package static let name = "WebhookSecretRevealedEvent"
    package static let summary = "Webhook's signing keys shown or replaced"
    package static let properties: [Property<Self>] = [
        Property("webhookId", "The webhook.") { $0.webhookID },
        Property("url", "Where its deliveries go, without the query.") { $0.url },
        Property("action", "shown, rotated or promoted.") { $0.action },
        Property("keyId", "The API key that did it.") { $0.keyID },
    ]
    package static let example = WebhookSecretRevealed(
        webhookID: ID("cmb2k7q0x0000000000000007"), url: "https://your-domain.com/webhook", action: .shown,
        keyID: ID("cmb2k7q0x0000000000000004"))

    package var scope: EventScope { EventScope(entity: webhookID.rawValue) }
}
