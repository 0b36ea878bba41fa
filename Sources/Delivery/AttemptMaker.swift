import Contract
package import Core
package import Features
package import Outbound

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Makes one attempt of a claimed delivery, and writes down what came of it: attempt, delivery and webhook in one
/// transaction.
package struct AttemptMaker: Sendable {
    let deliveries: DeliveryStore
    let client: any Transport
    let schedule: RetrySchedule
    let userAgent: String
    package let metrics: DeliveryMetrics

    /// - Parameter schedule: of webhooks without one of their own.
    package init(
        deliveries: DeliveryStore, client: any Transport, schedule: RetrySchedule, userAgent: String, metrics: DeliveryMetrics
    ) {
        self.deliveries = deliveries
        self.client = client
        self.schedule = schedule
        self.userAgent = userAgent
        self.metrics = metrics
    }

    /// What an attempt needs besides its delivery.
    package struct Target: Sendable {
        package var webhook: Webhook
        package var secret: Secret
        package var body: [UInt8]
    }

    /// Sends, judges and records.
    /// - Returns: the delivery and the attempt as written; nil when the claim was lost meanwhile.
    @discardableResult
    package func make(_ claimed: Delivery, to target: Target) async throws -> (delivery: Delivery, attempt: Attempt)? {
        let ambient = deliveries.ambient
        let started = ambient.now()
        let number = claimed.attempts + 1
        let signed = SignedRequest(
            claimed, to: target.webhook, secret: target.secret, body: target.body, number: number,
            attemptID: "\(claimed.id)-\(number)", now: started, userAgent: userAgent)
        metrics.began()
        let result: Result<OutboundResponse, OutboundError>
        do {
            result = .success(try await client.send(signed.request))
        } catch {
            result = .failure(error)
        }
        let now = ambient.now()
        let outcome = AttemptOutcome(result, now: now)
        metrics.ended(
            outcome.errorClass ?? "succeeded",
            // What a person sends again, perhaps days later, says nothing about how long deliveries take.
            latency: outcome.verdict == .delivered && claimed.trigger == .auto ? now - claimed.createdAt : nil)
        let attempt = Self.attempt(claimed, number, started, signed, target.webhook, result, outcome)
        let delivery = next(claimed, after: outcome, target.webhook, now: now, unit: ambient.unitInterval())
        let reason = outcome.verdict == .gone ? "The receiver answered 410 Gone at \(now)." : nil
        guard try await deliveries.record(attempt, of: delivery, disabling: reason) else {
            metrics.lostLease()
            return nil
        }
        return (delivery, attempt)
    }

    /// The delivery after the attempt.
    private func next(
        _ claimed: Delivery, after outcome: AttemptOutcome, _ webhook: Webhook, now: Instant, unit: Double
    ) -> Delivery {
        var delivery = claimed
        delivery.attempts += 1
        delivery.lastStatusCode = outcome.statusCode
        delivery.lastErrorClass = outcome.errorClass
        delivery.wakeAt = nil
        if outcome.verdict == .delivered {
            delivery.state = .succeeded
            delivery.resumeAt = nil
            delivery.deliveredAt = now
            return delivery
        }
        guard claimed.trigger == .auto || claimed.trigger == .replay else {
            // A manual attempt that fails changes nothing: the schedule goes on where it was, and what the webhook accepted
            // before stays accepted. A test has neither.
            if let resume = claimed.resumeAt {
                delivery.state = .retrying
                delivery.trigger = .auto
                delivery.wakeAt = resume
                delivery.resumeAt = nil
            } else {
                delivery.state = claimed.deliveredAt == nil ? .failed : .succeeded
            }
            return delivery
        }
        delivery.autoAttempts += 1
        switch (webhook.retrySchedule ?? schedule).decide(outcome, attempt: delivery.autoAttempts, now: now, unit: unit) {
        case .retry(let at):
            delivery.state = .retrying
            delivery.wakeAt = at
        case .succeeded, .exhausted: delivery.state = .failed
        }
        return delivery
    }

    private static func attempt(
        _ claimed: Delivery, _ number: Int, _ started: Instant, _ signed: SignedRequest, _ webhook: Webhook,
        _ result: Result<OutboundResponse, OutboundError>, _ outcome: AttemptOutcome
    ) -> Attempt {
        let phases: OutboundPhases
        var response: AttemptResponse?
        var address: String?
        switch result {
        case .success(let answer):
            phases = answer.phases
            response = logged(answer)
            address = answer.remoteAddress
        case .failure(let error): phases = error.phases
        }
        let queue = number == 1 ? Double(max((started - claimed.createdAt).inMilliseconds, 0)) : nil
        let shown = AttemptPhases(
            queue: queue, dns: phases.dns, connect: phases.connect, tls: phases.tls, ttfb: phases.ttfb, total: phases.total,
            isConnectionReused: phases.reusedConnection, remoteAddress: address)
        return Attempt(
            number: number, trigger: claimed.trigger, startedAt: started, durationMS: Int64(phases.total.rounded()),
            statusCode: outcome.statusCode, errorClass: outcome.errorClass, error: outcome.message,
            request: RawJSON(rendering: AttemptRequest(url: redactedURL(webhook.url), headers: signed.loggedHeaders)),
            response: response.map { RawJSON(rendering: $0) }, phases: RawJSON(rendering: shown))
    }

    /// Query strings often carry tokens; the log shows that there is one.
    private static func redactedURL(_ url: String) -> String {
        guard let mark = url.firstIndex(of: "?") else { return url }
        return url[..<mark] + "?[redacted]"
    }

    private static func logged(_ answer: OutboundResponse) -> AttemptResponse {
        let kept = answer.body.prefix(SignedRequest.loggedResponseBytes)
        let isTruncated = answer.isTruncated || kept.count < answer.body.count
        var seen: Set<String> = []
        let headers = answer.headers.filter { seen.insert($0.name.lowercased()).inserted }.prefix(50).map {
            (name: $0.name, value: String($0.value.prefix(1024)))
        }
        // A cut may fall inside a character: up to three bytes less are tried before it counts as not being text.
        for less in 0...3 where kept.count >= less {
            if let text = String(validating: kept.dropLast(less), as: UTF8.self), less == 0 || isTruncated {
                return AttemptResponse(headers: headers, body: text, isBase64: false, isTruncated: isTruncated)
            }
        }
        return AttemptResponse(
            headers: headers, body: Data(kept).base64EncodedString(), isBase64: true, isTruncated: isTruncated)
    }
}
