import Contract
package import Core
package import Features
package import Logging

/// Tells of webhooks that fail, disables those that fail for too long, and tries whether those are back.
package struct WebhookHealthCheck: Duty {
    package static let name = "webhook-health"
    let webhooks: WebhookStore
    let outbox: Outbox
    let tester: any WebhookTester
    let logger: Logger

    package let pause = Duration.seconds(30)
    package var wake: WakeSignal? { nil }

    package init(webhooks: WebhookStore, outbox: Outbox, tester: any WebhookTester, logger: Logger) {
        self.webhooks = webhooks
        self.outbox = outbox
        self.tester = tester
        self.logger = logger
    }

    package func run() async throws -> Instant? {
        for webhook in try await webhooks.judgeHealth(outbox: outbox) {
            let envelope = Envelope(
                timestamp: webhooks.ambient.now(), organizationID: webhook.organizationID, brandID: nil, userID: nil)
            do {
                // A success enables the webhook again, in the transaction that records it.
                _ = try await tester.test(
                    webhook, type: WebhookTest.type, body: envelope.bytes(of: WebhookTest(webhookID: webhook.id)), as: .probe)
            } catch {
                logger.warning("a probe could not be made", metadata: ["webhook": "\(webhook.id)", "error": "\(error)"])
            }
        }
        return nil
    }
}
