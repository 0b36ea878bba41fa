package import Core
package import Features
package import Outbound
package import PayloadFormats

/// The request of one attempt: one event, or a batch of them, in the webhook's format, signed as it is sent, with the
/// headers of the contract in their order.
package struct SignedRequest: Sendable {
    package var request: OutboundRequest
    /// The headers for the log: values of custom headers redacted, signatures kept (they open nothing).
    package let loggedHeaders: [(name: String, value: String)]

    /// What is the same for every request.
    package struct Sender: Sendable {
        package var userAgent: String
        /// Signs for webhooks that ask for a public key's signature; nil: they are signed by their secret alone.
        package var signer: AsymmetricSigner?
        /// Whether spans are exported: receivers are told that the trace is kept.
        package var isTraced: Bool

        package init(userAgent: String, signer: AsymmetricSigner?, isTraced: Bool = false) {
            self.userAgent = userAgent
            self.signer = signer
            self.isTraced = isTraced
        }
    }

    /// - Parameters:
    ///   - deliveries: one; several for a batch.
    ///   - payload: what is sent.
    ///   - number: 1 for the first attempt.
    ///   - attemptID: unique for each attempt.
    ///   - authorization: the value of `Authorization` that the webhook's authentication demands.
    package init(
        _ deliveries: [Delivery], to webhook: Webhook, secrets: SecretRing, payload: OutgoingPayload, isTest: Bool, number: Int,
        attemptID: String, authorization: Secret?, now: Instant, sender: Sender
    ) throws {
        let subject = Subject(deliveries)
        let timestamp = now.seconds
        var headers: [(name: String, value: String)] = [
            ("Content-Type", payload.contentType), ("User-Agent", sender.userAgent),
        ]
        if let current = secrets.current(at: now) {
            headers.append(("X-Audenci-Signature", Self.own(webhook, payload.body, current.secret)))
        }
        if let next = secrets.next(at: now) {
            headers.append(("X-Audenci-Signature-Next", Self.own(webhook, payload.body, next.secret)))
        }
        headers += [
            ("X-Audenci-Event", subject.event), ("X-Audenci-Event-Id", subject.eventIDs), ("X-Audenci-Delivery", attemptID),
            ("X-Audenci-Attempt", String(number)), ("X-Audenci-Timestamp", String(timestamp)),
            ("X-Audenci-Sequence", subject.sequence), ("X-Audenci-Webhook-Id", webhook.id.rawValue),
        ]
        if let order = deliveries.first?.orderBreak { headers.append(("X-Audenci-Order-Break", String(order))) }
        if deliveries.count > 1 { headers.append(("X-Audenci-Batch", String(deliveries.count))) }
        if isTest { headers.append(("X-Audenci-Test", "true")) }
        var standard = secrets.live(at: now).map {
            Signature.standard(id: subject.id, timestamp: timestamp, body: payload.body, secret: $0.secret)
        }
        if webhook.options.isEd25519Signed, let signer = sender.signer {
            standard.append(try signer.signature(id: subject.id, timestamp: timestamp, body: payload.body))
        }
        headers += [
            ("webhook-id", subject.id), ("webhook-timestamp", String(timestamp)),
            ("webhook-signature", standard.joined(separator: " ")),
            ("traceparent", Self.traceparent(subject.id, attemptID: attemptID, isTraced: sender.isTraced)),
        ]
        headers += payload.headers
        var logged = headers + webhook.headers.map { (name: $0.name, value: "[redacted]") }
        headers += webhook.headers.map { (name: $0.name, value: $0.value.reveal()) }
        if let authorization {
            headers.append(("Authorization", authorization.reveal()))
            logged.append(("Authorization", "[redacted]"))
        }
        loggedHeaders = logged
        request = OutboundRequest(
            payload.method, payload.url, headers: headers, body: payload.body, deadline: .seconds(webhook.timeoutSeconds),
            maximumResponseBytes: Self.maximumResponseBytes)
    }

    /// What the headers say the request is about.
    private struct Subject {
        var id: String
        var event: String
        var eventIDs: String
        var sequence: String

        init(_ deliveries: [Delivery]) {
            if deliveries.count == 1, let only = deliveries.first {
                id = only.eventID.rawValue
                event = only.event
                eventIDs = id
                sequence = String(only.sequence)
            } else {
                let ids = deliveries.map(\.eventID.rawValue)
                eventIDs = ids.joined(separator: ",")
                // Made from what is in it: a repeat of the same batch has the same id.
                id = "bat_" + Signature.sha256(eventIDs.utf8).prefix(24)
                event = "batch"
                sequence = deliveries.map { String($0.sequence) }.joined(separator: ",")
            }
        }
    }

    private static func own(_ webhook: Webhook, _ body: [UInt8], _ secret: Secret) -> String {
        switch webhook.options.signatureFormat {
        case .hex: Signature.audenci(body: body, secret: secret)
        case .prefixedHex: "sha256=" + Signature.audenci(body: body, secret: secret)
        case .base64: Signature.audenciBase64(body: body, secret: secret)
        }
    }

    /// W3C Trace Context: one trace for an event, whatever the number of webhooks and attempts, and a span for each attempt.
    /// The flag says whether we keep the trace ourselves. Made from the ids, so that the log can be searched by either.
    private static func traceparent(_ id: String, attemptID: String, isTraced: Bool) -> String {
        "00-\(Span.trace(of: id))-\(Span.id(of: attemptID))-\(isTraced ? "01" : "00")"
    }

    /// Read at most this much of an answer's body; kept in the log is less.
    package static let maximumResponseBytes = 131_072
    /// Kept in the log.
    package static let loggedResponseBytes = 16_384
}
