package import Contract
package import Core

/// A webhook that was failing accepts deliveries again.
package struct WebhookRecovered: Event {
    package var webhookID: WebhookID
    package var url: String
    package var failedFrom: Instant
    package var isEnabledAgain: Bool

    package init(webhookID: WebhookID, url: String, failedFrom: Instant, isEnabledAgain: Bool) {
        self.webhookID = webhookID
        self.url = url
        self.failedFrom = failedFrom
        self.isEnabledAgain = isEnabledAgain
    }

    package static let type = "webhook.recovered"
    package static let name = "WebhookRecoveredEvent"
    package static let summary = "Webhook recovered"
    package static let properties: [Property<Self>] = [
        Property("webhookId", "The webhook.") { $0.webhookID },
        Property("url", "Where its deliveries go, without the query.") { $0.url },
        Property("failingSince", "Since when it had failed.") { $0.failedFrom },
        Property("enabledAgain", "Whether it had been disabled and a probe enabled it again.") { $0.isEnabledAgain },
    ]
    package static let example = WebhookRecovered(
        webhookID: ID("cmb2k7q0x0000000000000007"), url: "https://your-domain.com/webhook",
        failedFrom: Instant(seconds: 1_770_114_600), isEnabledAgain: false)

    package var scope: EventScope { EventScope(entity: webhookID.rawValue) }
}
