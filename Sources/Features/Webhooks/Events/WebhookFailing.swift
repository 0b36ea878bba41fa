package import Contract
package import Core

/// A webhook has accepted nothing for a while. Told at 1, 24, 72 and 108 hours.
package struct WebhookFailing: Event {
    package var webhookID: WebhookID
    package var url: String
    package var failingSince: Instant
    package var hours: Int
    package var failedEvents: Int
    package var lastError: String?

    package init(webhookID: WebhookID, url: String, failingSince: Instant, hours: Int, failedEvents: Int, lastError: String?) {
        self.webhookID = webhookID
        self.url = url
        self.failingSince = failingSince
        self.hours = hours
        self.failedEvents = failedEvents
        self.lastError = lastError
    }

    package static let type = "webhook.failing"
    package static let name = "WebhookFailingEvent"
    package static let summary = "Webhook fails"
    package static let properties: [Property<Self>] = [
        Property("webhookId", "The webhook.") { $0.webhookID },
        Property("url", "Where its deliveries go, without the query.") { $0.url },
        Property("failingSince", "Since when nothing was accepted.") { $0.failingSince },
        Property("hours", "The threshold that was passed, in hours.") { $0.hours },
        Property("failedEvents", "How many events have failed at least once since.") { $0.failedEvents },
        Property("lastError", "What kind of failure the last one was.") { $0.lastError },
    ]
    package static let example = WebhookFailing(
        webhookID: ID("cmb2k7q0x0000000000000007"), url: "https://your-domain.com/webhook",
        failingSince: Instant(seconds: 1_770_114_600), hours: 24, failedEvents: 42, lastError: "http_5xx")

    package var scope: EventScope { EventScope(entity: webhookID.rawValue) }
}
