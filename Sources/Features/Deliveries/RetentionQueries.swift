import Core
import Relational

/// The SQL of retention. Ids begin with their time, so what is old is at the beginning of each organization's keys; an
/// organization is looked up by a seek, as the list of all is not known here.
enum RetentionQueries {
    static func all(_ limits: RetentionLimits, now: Instant, limit: Int) -> [Query] {
        [
            """
            UPDATE delivery SET state = 'cancelled' WHERE (organization_id, id) IN (
                SELECT delivery.organization_id, delivery.id FROM organization
                JOIN webhook ON webhook.organization_id = organization.id AND NOT webhook.enabled
                JOIN delivery ON delivery.organization_id = webhook.organization_id AND delivery.webhook_id = webhook.id
                    AND delivery.state = 'held' AND delivery.state IN ('held', 'failed', 'filtered', 'cancelled')
                WHERE delivery.created_at < \(now - limits.held) LIMIT \(limit))
            """,
            """
            DELETE FROM attempt WHERE (organization_id, delivery_id, number) IN (
                SELECT attempt.organization_id, attempt.delivery_id, attempt.number FROM organization
                JOIN attempt ON attempt.organization_id = organization.id
                    AND attempt.delivery_id < \(firstID(at: now - limits.attempts))
                LIMIT \(limit))
            """,
            """
            DELETE FROM delivery WHERE (organization_id, id) IN (
                SELECT delivery.organization_id, delivery.id FROM organization
                JOIN delivery ON delivery.organization_id = organization.id
                    AND delivery.id < \(firstID(at: now - limits.deliveries))
                WHERE delivery.state NOT IN ('pending', 'in_flight', 'retrying') AND NOT EXISTS (
                    SELECT 1 FROM attempt WHERE attempt.organization_id = delivery.organization_id
                      AND attempt.delivery_id = delivery.id)
                LIMIT \(limit))
            """,
            """
            DELETE FROM filtered_delivery WHERE (organization_id, webhook_id, id) IN (
                SELECT filtered.organization_id, filtered.webhook_id, filtered.id FROM webhook
                JOIN filtered_delivery filtered ON filtered.organization_id = webhook.organization_id
                    AND filtered.webhook_id = webhook.id AND filtered.id < \(firstID(at: now - limits.attempts))
                LIMIT \(limit))
            """,
            """
            DELETE FROM event WHERE (organization_id, id) IN (
                SELECT event.organization_id, event.id FROM organization
                JOIN event ON event.organization_id = organization.id AND event.id < \(firstID(at: now - limits.deliveries))
                WHERE NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.organization_id = event.organization_id
                    AND delivery.event_id = event.id)
                LIMIT \(limit))
            """,
        ]
    }

    /// Every id that was made before that instant sorts before this.
    private static func firstID(at instant: Instant) -> String {
        let digits = String(max(instant.milliseconds, 0), radix: 36)
        return "c" + String(repeating: "0", count: max(8 - digits.count, 0)) + digits
    }
}
