import Core
import Relational

/// The SQL of webhooks that want order. Of the open deliveries of a webhook and entity the first is due by its own time;
/// the others are ``Delivery/blocked`` until it is their turn. So a claim needs to know nothing of order.
extension DeliveryQueries {
    private static let isOrdered: Query = "entity IS NOT NULL AND state IN ('pending', 'in_flight', 'retrying')"

    /// A row when the entity has an open delivery.
    static func open(of webhook: WebhookID, entity: String) -> Query {
        "SELECT 1 FROM delivery WHERE webhook_id = \(webhook) AND entity = \(entity) AND \(isOrdered) LIMIT 1"
    }

    /// Makes the first open delivery of the entity due, if it is blocked.
    static func unblock(_ webhook: WebhookID, entity: String, now: Instant, orderBreak: Int64?) -> Query {
        """
        UPDATE delivery SET wake_at = \(now), order_break = coalesce(\(orderBreak), order_break)
        WHERE wake_at = \(Delivery.blocked) AND (organization_id, id) IN (
            SELECT organization_id, id FROM delivery
            WHERE webhook_id = \(webhook) AND entity = \(entity) AND \(isOrdered) ORDER BY sequence LIMIT 1)
        """
    }

    /// Blocks every ordered delivery that waits at the webhook, its first ones included.
    static func blockAll(_ webhook: WebhookID) -> Query {
        """
        UPDATE delivery SET wake_at = \(Delivery.blocked)
        WHERE webhook_id = \(webhook) AND \(isOrdered) AND state = 'pending'
        """
    }

    /// The entities of the webhook's open deliveries.
    static func orderedEntities(_ webhook: WebhookID) -> Query {
        "SELECT DISTINCT entity FROM delivery WHERE webhook_id = \(webhook) AND \(isOrdered)"
    }
}
