import Contract
import Core
import Relational

/// From one event to the deliveries of every webhook that wants it, on the transaction of the event itself.
///
/// Decided in docs/decisions/0007-fan-out.md: an organization has few webhooks, so matching costs one indexed read; in
/// exchange nothing stands between commit and delivery, and the sequence of a webhook has no gap by construction.
///
/// Running it again for the same event changes nothing.
enum FanOut {
    static func run(_ event: EventRecord, ambient: Ambient, on connection: any RelationalConnection) throws {
        let webhooks = try connection.query(
            """
            SELECT \(WebhookInterest.columns) FROM webhook
            WHERE webhook.organization_id = \(event.organizationID) AND webhook.deleted_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM delivery WHERE delivery.organization_id = \(event.organizationID)
                  AND delivery.event_id = \(event.id) AND delivery.webhook_id = webhook.id
                  AND delivery.triggered_by <> 'test')
            """, WebhookInterest.decode)
        for webhook in webhooks where EventPattern.matches(webhook.events, event.type) {
            if let filter = try webhook.filter(), let reason = filter.rejection(of: event) {
                try connection.execute(FilteredQueries.insert(event, webhook.id, reason, id: ambient.newID()))
            } else {
                try deliver(event, to: webhook, as: .auto, ambient: ambient, on: connection)
            }
        }
    }

    /// Adds the delivery of `event` to `webhook`: held while the webhook is disabled, blocked while an earlier one of the
    /// same entity is open and the webhook wants order, due at the end of the window when it wants batches.
    static func deliver(
        _ event: EventRecord, to webhook: WebhookInterest, as trigger: Delivery.Trigger, ambient: Ambient,
        on connection: any RelationalConnection
    ) throws {
        let now = ambient.now()
        let entity = webhook.ordering.key(of: event.scope)
        var wakeAt: Instant?
        if webhook.isEnabled {
            wakeAt = webhook.window(around: now)
            if let entity, try connection.exists(DeliveryQueries.open(of: webhook.id, entity: entity)) {
                wakeAt = Delivery.blocked
            }
        }
        let delivery = Delivery(
            id: ambient.newID(), organizationID: event.organizationID, webhookID: webhook.id, eventID: event.id,
            event: event.type, sequence: try nextSequence(of: webhook.id, in: event.organizationID, on: connection),
            state: webhook.isEnabled ? .pending : .held, trigger: trigger, attempts: 0, autoAttempts: 0, wakeAt: wakeAt,
            resumeAt: nil, leaseToken: 0, lastStatusCode: nil, lastErrorClass: nil, createdAt: now, deliveredAt: nil,
            entity: entity, orderBreak: nil)
        try connection.execute(DeliveryQueries.insert(delivery))
    }

    /// The webhook's next number. Taken on the transaction that uses it: rolled back with it, so there is no gap.
    static func nextSequence(
        of webhook: WebhookID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> Int64 {
        let taken = try connection.first(
            """
            UPDATE webhook SET next_sequence = next_sequence + 1
            WHERE organization_id = \(organization) AND id = \(webhook) RETURNING next_sequence - 1
            """
        ) { $0.int(0) }
        guard let taken else { throw RelationalError.unreadable("the webhook that an event goes to is not there") }
        return taken
    }
}
