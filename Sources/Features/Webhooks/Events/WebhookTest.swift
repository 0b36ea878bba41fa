package import Contract
package import Core

/// Sent by `POST /api/webhooks/{id}/test`: nothing happened, but the signature is real.
package struct WebhookTest: Event {
    package var webhookID: WebhookID
    package var message: String

    package init(webhookID: WebhookID) {
        self.webhookID = webhookID
        message = "This is a test. Verify its signature as you would any other."
    }

    package static let type = "webhook.test"
    package static let name = "WebhookTestEvent"
    package static let summary = "Test of a webhook"
    package static let properties: [Property<Self>] = [
        Property("webhookId", "The webhook that is tested.") { $0.webhookID },
        Property("message", "A greeting.") { $0.message },
    ]
    package static let example = WebhookTest(webhookID: ID("cmb2k7q0x0000000000000007"))
}
