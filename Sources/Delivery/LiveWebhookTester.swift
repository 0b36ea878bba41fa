import Contract
import Core
package import Features
import PayloadFormats

/// Sends tests through the real way out, at once and once.
package struct LiveWebhookTester: WebhookTester {
    let deliveries: DeliveryStore
    let webhooks: WebhookStore
    let maker: AttemptMaker

    package init(deliveries: DeliveryStore, webhooks: WebhookStore, maker: AttemptMaker) {
        self.deliveries = deliveries
        self.webhooks = webhooks
        self.maker = maker
    }

    package func test(
        _ webhook: Webhook, type: String, body: [UInt8], as trigger: Delivery.Trigger
    ) async throws -> TestResult {
        let opened = try await webhooks.opened(webhook.id, in: webhook.organizationID)
        let delivery = try await deliveries.beginTest(webhook, type: type, body: body, as: trigger)
        let event = OutgoingEvent(
            eventID: delivery.eventID.rawValue, type: type, body: body, isTest: true, publicURL: maker.publicURL)
        let target = AttemptMaker.Target(webhook: opened.webhook, secrets: opened.secrets, events: [event])
        let request = try maker.preview([delivery], to: target)
        guard let made = try await maker.make([delivery], to: target)?.records.first else {
            throw APIError(.conflict, "The test took longer than its lease; look at the webhook's deliveries.")
        }
        return TestResult(delivery: made.delivery, attempt: made.attempt, request: request)
    }

    package func preview(_ webhook: Webhook, _ event: EventRecord) async throws -> WebhookPreview {
        let secrets = try await webhooks.opened(webhook.id, in: webhook.organizationID).secrets
        var delivery = Delivery.example
        delivery.webhookID = webhook.id
        delivery.organizationID = webhook.organizationID
        delivery.eventID = event.id
        delivery.event = event.type
        delivery.attempts = 0
        let outgoing = OutgoingEvent(
            eventID: event.id.rawValue, type: event.type, body: event.body, isTest: event.isTest, publicURL: maker.publicURL)
        return try maker.preview(
            [delivery], to: AttemptMaker.Target(webhook: webhook, secrets: secrets, events: [outgoing]))
    }
}
