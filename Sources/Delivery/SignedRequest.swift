package import Core
package import Features
package import Outbound

/// The request of one attempt: the stored bytes, signed as they are, with the headers of the contract in their order.
package struct SignedRequest: Sendable {
    package let request: OutboundRequest
    /// The headers for the log: values of custom headers redacted, signatures kept (they open nothing).
    package let loggedHeaders: [(name: String, value: String)]

    /// - Parameters:
    ///   - number: 1 for the first attempt.
    ///   - attemptID: unique for each attempt.
    package init(
        _ delivery: Delivery, to webhook: Webhook, secret: Secret, body: [UInt8], number: Int, attemptID: String, now: Instant,
        userAgent: String
    ) {
        let signature = Signature.audenci(body: body, secret: secret)
        let standard = Signature.standard(id: delivery.eventID.rawValue, timestamp: now.seconds, body: body, secret: secret)
        var headers: [(name: String, value: String)] = [
            ("Content-Type", "application/json"),
            ("User-Agent", userAgent),
            ("X-Audenci-Signature", signature),
            ("X-Audenci-Event", delivery.event),
            ("X-Audenci-Event-Id", delivery.eventID.rawValue),
            ("X-Audenci-Delivery", attemptID),
            ("X-Audenci-Attempt", String(number)),
            ("X-Audenci-Timestamp", String(now.seconds)),
            ("X-Audenci-Sequence", String(delivery.sequence)),
            ("X-Audenci-Webhook-Id", delivery.webhookID.rawValue),
        ]
        if delivery.trigger == .test { headers.append(("X-Audenci-Test", "true")) }
        headers.append(("webhook-id", delivery.eventID.rawValue))
        headers.append(("webhook-timestamp", String(now.seconds)))
        headers.append(("webhook-signature", standard))
        headers.append(("traceparent", Self.traceparent(event: delivery.eventID, attemptID: attemptID)))
        loggedHeaders = headers + webhook.headers.map { (name: $0.name, value: "[redacted]") }
        headers += webhook.headers.map { (name: $0.name, value: $0.value.reveal()) }
        request = OutboundRequest(
            "POST", webhook.url, headers: headers, body: body, deadline: .seconds(webhook.timeoutSeconds),
            maximumResponseBytes: Self.maximumResponseBytes)
    }

    /// W3C Trace Context: one trace for an event, whatever the number of webhooks and attempts, and a span for each attempt.
    /// Flag 00: we keep no trace ourselves. Made from the ids, so that the log can be searched by either.
    private static func traceparent(event: EventID, attemptID: String) -> String {
        let trace = Signature.sha256(event.rawValue.utf8).prefix(32)
        let span = Signature.sha256(attemptID.utf8).prefix(16)
        return "00-\(trace)-\(span)-00"
    }

    /// Read at most this much of an answer's body; kept in the log is less.
    package static let maximumResponseBytes = 131_072
    /// Kept in the log.
    package static let loggedResponseBytes = 16_384
}
