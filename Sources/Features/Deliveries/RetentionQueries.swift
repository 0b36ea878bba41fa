import Core
import Relational

/// The SQL of retention. Ids begin with their time, so what is old is at the beginning of each organization's keys. `CROSS
/// JOIN` keeps SQLite's planner from turning the order round: few organizations are looked through, and of each its first
/// keys.
enum RetentionQueries {
    static func all(_ limits: RetentionLimits, now: Instant, limit: Int) -> [Query] {
        let oldAttempts = EventQueries.firstID(at: now - limits.attempts)
        let oldDeliveries = EventQueries.firstID(at: now - limits.deliveries)
        return [
            """
            UPDATE delivery SET state = 'cancelled' WHERE (organization_id, id) IN (
                SELECT delivery.organization_id, delivery.id FROM webhook CROSS JOIN delivery
                WHERE NOT webhook.enabled AND delivery.organization_id = webhook.organization_id
                  AND delivery.webhook_id = webhook.id AND delivery.state = 'held'
                  AND delivery.state IN ('held', 'failed', 'filtered', 'cancelled')
                  AND delivery.created_at < \(now - limits.held) LIMIT \(limit))
            """,
            """
            DELETE FROM attempt WHERE (organization_id, delivery_id, number) IN (
                SELECT attempt.organization_id, attempt.delivery_id, attempt.number FROM organization CROSS JOIN attempt
                WHERE attempt.organization_id = organization.id AND attempt.delivery_id < \(oldAttempts) LIMIT \(limit))
            """,
            """
            DELETE FROM delivery WHERE (organization_id, id) IN (
                SELECT delivery.organization_id, delivery.id FROM organization CROSS JOIN delivery
                WHERE delivery.organization_id = organization.id AND delivery.id < \(oldDeliveries)
                  AND delivery.state NOT IN ('pending', 'in_flight', 'retrying') AND NOT EXISTS (
                    SELECT 1 FROM attempt WHERE attempt.organization_id = delivery.organization_id
                      AND attempt.delivery_id = delivery.id)
                LIMIT \(limit))
            """,
            """
            DELETE FROM filtered_delivery WHERE (organization_id, webhook_id, id) IN (
                SELECT filtered.organization_id, filtered.webhook_id, filtered.id
                FROM webhook CROSS JOIN filtered_delivery AS filtered
                WHERE filtered.organization_id = webhook.organization_id AND filtered.webhook_id = webhook.id
                  AND filtered.id < \(oldAttempts) LIMIT \(limit))
            """,
            """
            DELETE FROM event WHERE (organization_id, id) IN (
                SELECT event.organization_id, event.id FROM organization CROSS JOIN event
                WHERE event.organization_id = organization.id AND event.id < \(oldDeliveries) AND NOT EXISTS (
                    SELECT 1 FROM delivery WHERE delivery.organization_id = event.organization_id
                      AND delivery.event_id = event.id)
                LIMIT \(limit))
            """,
        ]
    }
}
