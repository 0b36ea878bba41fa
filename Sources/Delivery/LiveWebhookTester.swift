import Contract
import Core
package import Features

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

    package func test(_ webhook: Webhook, type: String, body: [UInt8]) async throws -> TestResult {
        let secret = try await webhooks.secret(of: webhook.id, in: webhook.organizationID).secret
        let delivery = try await deliveries.beginTest(webhook, type: type, body: body)
        let target = AttemptMaker.Target(webhook: webhook, secret: secret, body: body)
        guard let made = try await maker.make(delivery, to: target) else {
            throw APIError(.conflict, "The test took longer than its lease; look at the webhook's deliveries.")
        }
        return TestResult(delivery: made.delivery, attempt: made.attempt)
    }
}
