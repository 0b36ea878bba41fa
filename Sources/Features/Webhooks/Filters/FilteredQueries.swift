import Contract
import Core
import Relational

/// The SQL of what filters kept back: no delivery, no sequence number, but a record of why.
enum FilteredQueries {
    static func insert(_ event: EventRecord, _ webhook: WebhookID, _ reason: String, id: DeliveryID) -> Query {
        """
        INSERT INTO filtered_delivery (organization_id, webhook_id, id, event_id, event_type, reason, created_at)
        VALUES (\(event.organizationID), \(webhook), \(id), \(event.id), \(event.type), \(String(reason.prefix(500))),
                \(event.createdAt))
        """
    }

    static func count(of webhook: WebhookID, since: Instant, in organization: OrganizationID) -> Query {
        """
        SELECT count(*) FROM filtered_delivery
        WHERE organization_id = \(organization) AND webhook_id = \(webhook) AND created_at >= \(since)
        """
    }

    /// What was kept back, newest first; of a caller's own brands only.
    static func list(of webhook: WebhookID, for caller: Caller, _ page: PageRequest) -> Query {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", "webhook_id = \(webhook)"]
        conditions.append(page.condition("id"))
        if !caller.brandIDs.isEmpty {
            conditions.append(
                """
                EXISTS (SELECT 1 FROM event WHERE event.organization_id = filtered_delivery.organization_id
                    AND event.id = filtered_delivery.event_id AND event.brand_id IN (\(list: caller.brandIDs)))
                """)
        }
        return """
            SELECT id, event_id, event_type, reason, created_at FROM filtered_delivery WHERE \(Query.all(conditions))
            \(page.tail("id"))
            """
    }
}
