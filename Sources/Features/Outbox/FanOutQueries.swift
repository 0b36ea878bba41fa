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
    static func run(
        _ event: EventID, type: String, in organization: OrganizationID, at now: Instant, ambient: Ambient,
        on connection: any RelationalConnection
    ) throws {
        let webhooks = try connection.query(
            """
            SELECT webhook.id, webhook.events, webhook.enabled FROM webhook
            WHERE webhook.organization_id = \(organization) AND webhook.deleted_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM delivery WHERE delivery.organization_id = \(organization) AND delivery.event_id = \(event)
                  AND delivery.webhook_id = webhook.id AND delivery.triggered_by <> 'test')
            """
        ) { (id: $0.id(0, WebhookID.self), events: StringList.decode($0.text(1)), isEnabled: $0.bool(2)) }
        for webhook in webhooks where EventPattern.matches(webhook.events, type) {
            let delivery = Delivery(
                id: ambient.newID(), organizationID: organization, webhookID: webhook.id, eventID: event, event: type,
                sequence: try nextSequence(of: webhook.id, in: organization, on: connection),
                state: webhook.isEnabled ? .pending : .held, trigger: .auto, attempts: 0, autoAttempts: 0,
                wakeAt: webhook.isEnabled ? now : nil, resumeAt: nil, leaseToken: 0, lastStatusCode: nil, lastErrorClass: nil,
                createdAt: now, deliveredAt: nil)
            try connection.execute(DeliveryQueries.insert(delivery))
        }
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
