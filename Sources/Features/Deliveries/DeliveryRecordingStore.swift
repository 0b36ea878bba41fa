import Core
import Relational

/// Writes down what came of attempts.
extension DeliveryStore {
    /// A delivery after its attempt.
    package struct Outcome: Sendable {
        package var delivery: Delivery
        package var attempt: Attempt
        /// The entity whose next delivery is due now, because this one is done or was left behind.
        package var movesOn: String?

        package init(delivery: Delivery, attempt: Attempt, movesOn: String? = nil) {
            self.delivery = delivery
            self.attempt = attempt
            self.movesOn = movesOn
        }
    }

    /// What an attempt says about its webhook.
    package enum HealthEffect: Sendable {
        case none
        case worked
        case failed(_ errorClass: String?)
        /// It asked to be disabled, for this reason.
        case gone(_ reason: String)
    }

    /// Writes attempts, what they made of their deliveries and of their webhook, in one transaction; except for deliveries
    /// that another worker has claimed since.
    /// - Parameter webhook: as it was when the attempt began; its health says whether a success is news.
    /// - Returns: how many were written.
    package func record(_ outcomes: [Outcome], of webhook: Webhook, effect: HealthEffect) async throws -> Int {
        let written = try await engine.write { connection in
            let now = ambient.now()
            var written: [Outcome] = []
            for outcome in outcomes where try connection.execute(DeliveryQueries.finish(outcome.delivery)) == 1 {
                try connection.execute(DeliveryQueries.insert(outcome.attempt, of: outcome.delivery))
                if let entity = outcome.movesOn {
                    let orderBreak = outcome.delivery.state == .succeeded ? nil : outcome.delivery.sequence
                    try connection.execute(
                        DeliveryQueries.unblock(webhook.id, entity: entity, now: now, orderBreak: orderBreak))
                } else if let entity = outcome.delivery.entity, outcome.delivery.wakeAt == Delivery.blocked {
                    // A resend out of turn failed, and what it waited for may have ended meanwhile: nobody else would see.
                    try connection.execute(DeliveryQueries.unblock(webhook.id, entity: entity, now: now, orderBreak: nil))
                }
                written.append(outcome)
            }
            guard !written.isEmpty else { return 0 }
            try record(effect, of: webhook, by: written.map(\.delivery), at: now, on: connection)
            return written.count
        }
        if case .worked = effect { return written }
        outbox.wake.signal()
        return written
    }

    private func record(
        _ effect: HealthEffect, of webhook: Webhook, by deliveries: [Delivery], at now: Instant,
        on connection: any RelationalConnection
    ) throws {
        switch effect {
        case .none: break
        case .worked:
            // Nothing to write for a webhook that works: the hot path.
            if webhook.health != nil { try webhooks.recover(webhook, outbox: outbox, on: connection) }
        case .failed(let errorClass):
            var health =
                try webhooks.health(of: webhook.id, in: webhook.organizationID, on: connection)
                ?? WebhookHealth(failingSince: now)
            for delivery in deliveries {
                health.fail(errorClass, isFirstOfEvent: delivery.attempts == 1, at: now)
            }
            if let exhausted = deliveries.first(where: { $0.state == .failed }) {
                try tell(exhausted, of: webhook, &health, at: now, on: connection)
            }
            try webhooks.save(health, of: webhook, on: connection)
        case .gone(let reason):
            try webhooks.disable(webhook.id, in: webhook.organizationID, because: reason, on: connection)
            try outbox.append(
                WebhookDisabled(
                    webhookID: webhook.id, url: Webhook.shown(webhook.url), reason: reason,
                    heldUntil: now + webhooks.heldFor),
                for: webhook.organizationID, brand: nil, user: nil, on: connection)
        }
    }

    /// Tells that a delivery failed for good: once an hour for each webhook, and never about such news itself.
    private func tell(
        _ exhausted: Delivery, of webhook: Webhook, _ health: inout WebhookHealth, at now: Instant,
        on connection: any RelationalConnection
    ) throws {
        guard !exhausted.event.hasPrefix("webhook."),
            health.exhaustedToldAt.map({ now - $0 >= .seconds(3600) }) ?? true
        else { return }
        health.exhaustedToldAt = now
        try outbox.append(
            WebhookDeliveryExhausted(
                webhookID: webhook.id, url: Webhook.shown(webhook.url), deliveryID: exhausted.id, eventID: exhausted.eventID,
                event: exhausted.event, attempts: exhausted.attempts, lastError: exhausted.lastErrorClass),
            for: webhook.organizationID, brand: nil, user: nil, on: connection)
    }
}
