package import Contract
package import Core

/// Judges a URL before a webhook may point there. Implemented where the network is.
package protocol WebhookURLCheck: Sendable {
    /// - Throws: ``APIError`` naming the field `url` and what is allowed.
    func check(_ url: String) async throws(APIError)

    /// Judges what deliveries are to authenticate themselves with: the token endpoint's URL, the certificate and its key.
    /// - Throws: ``APIError`` naming the field under `authentication` and what is allowed.
    func check(_ authentication: WebhookAuthentication, now: Instant) async throws(APIError)
}

/// Sends a test, now, and says how it went. Implemented where the network is.
package protocol WebhookTester: Sendable {
    /// Sends `body` as an event of `type`, signed as every delivery, and logs the attempt.
    /// - Parameter trigger: `test`, or `probe` when the server tries whether a webhook it disabled is back.
    func test(
        _ webhook: Webhook, type: String, body: [UInt8], as trigger: Delivery.Trigger
    ) async throws -> TestResult

    /// The request that `event` would make now, signed, without sending it. Secrets of the webhook are redacted.
    func preview(_ webhook: Webhook, _ event: EventRecord) async throws -> WebhookPreview
}

/// How a test went: the delivery that was logged, and its attempt.
package struct TestResult: APIObject {
    package var delivery: Delivery
    package var attempt: Attempt
    /// The request, byte for byte.
    package var request: WebhookPreview

    package init(delivery: Delivery, attempt: Attempt, request: WebhookPreview) {
        self.delivery = delivery
        self.attempt = attempt
        self.request = request
    }

    package static let name = "WebhookTestResult"
    package static let properties: [Property<Self>] = [
        Property("success", "Whether the answer was a 2xx.") { $0.delivery.state == .succeeded },
        Property("delivery", "The delivery, as the log has it.") { $0.delivery },
        Property("attempt", "The attempt, as the log has it.") { $0.attempt },
        Property("request", "What was sent, byte for byte; secrets are redacted.") { $0.request },
    ]
    package static let example = TestResult(delivery: .example, attempt: .example, request: .example)
}
