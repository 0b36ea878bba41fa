package import Contract
package import Core
package import Relational

/// Reads deliveries and attempts, and hands open work to the dispatcher.
package struct DeliveryStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let webhooks: WebhookStore
    package let outbox: Outbox

    package init(engine: any RelationalEngine, ambient: Ambient, webhooks: WebhookStore, outbox: Outbox) {
        self.engine = engine
        self.ambient = ambient
        self.webhooks = webhooks
        self.outbox = outbox
    }

    // MARK: Reading

    package func get(_ id: DeliveryID, in organization: OrganizationID) async throws -> Delivery {
        let found = try await engine.readByKey {
            try $0.first(DeliveryQueries.find(id, in: organization), DeliveryQueries.decode)
        }
        guard let found else { throw APIError.notFound("delivery") }
        return found
    }

    /// The delivery, or 404; also when the caller does not see its webhook.
    package func get(_ id: DeliveryID, for caller: Caller) async throws -> Delivery {
        let delivery = try await get(id, in: caller.organizationID)
        guard try await webhooks.isVisible(delivery.webhookID, to: caller) else { throw APIError.notFound("delivery") }
        return delivery
    }

    package func list(
        of webhook: WebhookID, _ filter: DeliveryFilter, in organization: OrganizationID, page: PageRequest
    ) async throws -> Page<Delivery> {
        try await engine.read { connection in
            let rows = try connection.query(
                DeliveryQueries.list(webhook, filter, in: organization, page), DeliveryQueries.decode)
            return page.page(rows) { Cursor(key: String($0.sequence)) }
        }
    }

    package func attempts(of id: DeliveryID, for caller: Caller, page: PageRequest) async throws -> Page<Attempt> {
        _ = try await get(id, for: caller)
        return try await engine.read { connection in
            let rows = try connection.query(
                DeliveryQueries.attempts(of: id, in: caller.organizationID, page),
                DeliveryQueries.decodeAttempt)
            return page.page(rows) { Cursor(key: String($0.number)) }
        }
    }

    /// Makes the delivery due now, whatever its state. What the schedule would have done next keeps its place, for the case
    /// that this fails.
    /// - Parameter key: the caller's `Idempotency-Key`: a second call with the same one changes nothing.
    package func resend(_ id: DeliveryID, key: String? = nil, for caller: Caller) async throws -> Delivery {
        _ = try await get(id, for: caller)
        return try await engine.write { connection in
            guard
                var delivery = try connection.first(DeliveryQueries.find(id, in: caller.organizationID), DeliveryQueries.decode)
            else { throw APIError.notFound("delivery") }
            if let key, try connection.exists(DeliveryQueries.isResent(id, with: key, in: caller.organizationID)) {
                return delivery
            }
            guard let webhook = try webhooks.sealed(delivery.webhookID, in: caller.organizationID, on: connection)?.webhook
            else {
                throw APIError(.conflict, "The delivery's webhook was deleted.")
            }
            guard webhook.isEnabled else { throw APIError(.conflict, "The webhook is disabled; enable it first.") }
            guard delivery.state != .inFlight else { throw APIError(.conflict, "The delivery is being sent at this moment.") }
            let isScheduled = delivery.state == .retrying || delivery.state == .pending
            if isScheduled, delivery.trigger != .manual { delivery.resumeAt = delivery.wakeAt }
            delivery.state = .pending
            delivery.trigger = .manual
            delivery.wakeAt = ambient.now()
            try connection.execute(
                """
                UPDATE delivery SET state = 'pending', triggered_by = 'manual', wake_at = \(delivery.wakeAt),
                    resume_at = \(delivery.resumeAt), resend_key = \(key)
                WHERE organization_id = \(delivery.organizationID) AND id = \(id)
                """)
            return delivery
        }
    }
}
