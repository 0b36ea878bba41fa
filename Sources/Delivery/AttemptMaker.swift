import Contract
import Core
package import Features
package import Outbound
package import PayloadFormats

/// Makes one attempt of a claimed delivery, or of a batch of them, and writes down what came of it: attempt, delivery and
/// the webhook's health in one transaction.
package struct AttemptMaker: Sendable {
    let deliveries: DeliveryStore
    let client: any Transport
    let schedule: RetrySchedule
    let sender: SignedRequest.Sender
    let authorizer: Authorizer
    /// Where readers find this server, for formats that link to it.
    let publicURL: String
    package let metrics: DeliveryMetrics
    /// Nil: no spans are made.
    let traces: TraceBuffer?

    /// - Parameter schedule: of webhooks without one of their own.
    package init(
        deliveries: DeliveryStore, client: any Transport, schedule: RetrySchedule, sender: SignedRequest.Sender,
        publicURL: String = "", metrics: DeliveryMetrics, traces: TraceBuffer? = nil
    ) {
        self.deliveries = deliveries
        self.client = client
        self.schedule = schedule
        self.sender = sender
        self.publicURL = publicURL
        self.metrics = metrics
        self.traces = traces
        authorizer = Authorizer(client: client)
    }

    /// What an attempt needs besides its deliveries.
    package struct Target: Sendable {
        package var webhook: Webhook
        package var secrets: SecretRing
        /// One for each delivery, in their order.
        package var events: [OutgoingEvent]

        package init(webhook: Webhook, secrets: SecretRing, events: [OutgoingEvent]) {
            self.webhook = webhook
            self.secrets = secrets
            self.events = events
        }
    }

    /// What was made: each delivery with its attempt, as written, and what the answer means.
    package struct Made: Sendable {
        package var records: [(delivery: Delivery, attempt: Attempt)]
        package var outcome: AttemptOutcome
    }

    /// Sends, judges and records.
    /// - Parameter claimed: one delivery, or several of one webhook that go in one request.
    /// - Returns: nil when every claim was lost meanwhile.
    @discardableResult
    package func make(_ claimed: [Delivery], to target: Target) async throws -> Made? {
        guard let first = claimed.first else { return nil }
        let ambient = deliveries.ambient
        let started = ambient.now()
        metrics.began()
        var sent: SentRequest
        do {
            sent = try await send(claimed, first, to: target, at: started)
        } catch {
            metrics.ended("cancelled", latency: nil)
            throw error
        }
        let now = ambient.now()
        let outcome = AttemptOutcome(sent.result, finalStatuses: target.webhook.options.finalStatuses, now: now)
        sent.note(metrics)
        metrics.ended(
            outcome.errorClass ?? "succeeded",
            // What a person sends again, perhaps days later, says nothing about how long deliveries take.
            latency: outcome.verdict == .delivered && first.trigger == .auto ? now - first.createdAt : nil)
        let unit = ambient.unitInterval()
        let records = claimed.map { delivery in
            (
                delivery: next(delivery, after: outcome, target.webhook, now: now, unit: unit),
                attempt: sent.attempt(of: delivery, outcome, startedAt: started)
            )
        }
        let written = try await deliveries.record(
            zip(claimed, records).map { before, record in
                DeliveryStore.Outcome(
                    delivery: record.delivery, attempt: record.attempt,
                    movesOn: record.delivery.isClosed || record.delivery.entity == nil ? before.entity : nil)
            }, of: target.webhook, effect: effect(of: outcome, on: first, now: now))
        for _ in written..<records.count { metrics.lostLease() }
        if let traces { traces.add(records.flatMap { spans(of: $0.delivery, $0.attempt, ended: now) }) }
        return written == 0 ? nil : Made(records: records, outcome: outcome)
    }

    /// What the attempt says about the webhook's health. A test or a manual attempt that fails says nothing: people try
    /// things out.
    private func effect(of outcome: AttemptOutcome, on delivery: Delivery, now: Instant) -> DeliveryStore.HealthEffect {
        switch outcome.verdict {
        case .delivered: .worked
        case .gone: .gone("The receiver answered 410 Gone at \(now).")
        case .retry, .final:
            delivery.trigger == .auto || delivery.trigger == .replay ? .failed(outcome.errorClass) : .none
        }
    }

    private func send(
        _ claimed: [Delivery], _ first: Delivery, to target: Target, at now: Instant
    ) async throws -> SentRequest {
        let payload: OutgoingPayload
        do throws(FormatIssue) {
            payload = try Self.payload(of: target)
        } catch {
            return SentRequest(unsent: target.webhook.url, "The event does not fit the format: \(error.description)")
        }
        return try await authorizer.send(for: target.webhook, now: now) { authorization in
            try signed(claimed, first, to: target, payload, authorization, at: now)
        }
    }

    /// The request as it would be sent now; secrets redacted.
    /// - Throws: ``APIError`` when the event does not fit the webhook's format.
    func preview(_ deliveries: [Delivery], to target: Target) throws -> WebhookPreview {
        let now = self.deliveries.ambient.now()
        guard let first = deliveries.first else { throw APIError(.conflict, "There is nothing to preview.") }
        do {
            let payload = try Self.payload(of: target)
            let request = try signed(deliveries, first, to: target, payload, nil, at: now)
            return WebhookPreview(
                method: payload.method, url: Webhook.shown(payload.url), headers: request.loggedHeaders,
                body: String(decoding: payload.body, as: UTF8.self))
        } catch let issue as FormatIssue {
            throw APIError.invalid("formatOptions.\(issue.field)", issue.description)
        }
    }

    private static func payload(of target: Target) throws(FormatIssue) -> OutgoingPayload {
        let options = target.webhook.options
        if target.events.count == 1, let event = target.events.first {
            return try PayloadRenderer.render(
                event, version: options.payloadVersion, format: options.format, options: options.formatOptions,
                url: target.webhook.url)
        }
        return try PayloadRenderer.batch(target.events, version: options.payloadVersion, url: target.webhook.url)
    }

    private func signed(
        _ claimed: [Delivery], _ first: Delivery, to target: Target, _ payload: OutgoingPayload, _ authorization: Secret?,
        at now: Instant
    ) throws -> SignedRequest {
        let number = (claimed.map(\.attempts).max() ?? 0) + 1
        return try SignedRequest(
            claimed, to: target.webhook, secrets: target.secrets, payload: payload,
            isTest: target.events.first?.isTest ?? false, number: number, attemptID: "\(first.id)-\(number)",
            authorization: authorization, now: now, sender: sender)
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
        let schedule = webhook.retrySchedule ?? schedule
        switch schedule.decide(outcome, attempt: delivery.autoAttempts, now: now, unit: unit) {
        case .retry(let at):
            delivery.state = .retrying
            delivery.wakeAt = at
            if delivery.entity != nil, schedule.holdsUp(after: delivery.autoAttempts, until: at - now) {
                delivery.entity = nil
                delivery.orderBreak = delivery.sequence
            }
        case .succeeded, .exhausted: delivery.state = .failed
        }
        return delivery
    }
}
