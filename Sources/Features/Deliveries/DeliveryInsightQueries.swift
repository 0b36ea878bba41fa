import Core
import Relational

/// The SQL of statistics, gaps and exports: all by the webhook's own log.
extension DeliveryQueries {
    static func find(event: EventID, webhook: WebhookID, in organization: OrganizationID) -> Query {
        """
        SELECT \(columns) FROM delivery
        WHERE organization_id = \(organization) AND event_id = \(event) AND webhook_id = \(webhook)
          AND triggered_by <> 'test'
        """
    }

    /// A row when the last resend of the delivery had this key.
    static func isResent(_ id: DeliveryID, with key: String, in organization: OrganizationID) -> Query {
        "SELECT 1 FROM delivery WHERE organization_id = \(organization) AND id = \(id) AND resend_key = \(key)"
    }

    static func recent(of webhook: WebhookID, since: Instant, limit: Int, in organization: OrganizationID) -> Query {
        """
        SELECT state, attempts, last_error_class, created_at, delivered_at FROM (
            SELECT state, attempts, last_error_class, created_at, delivered_at FROM delivery
            WHERE organization_id = \(organization) AND webhook_id = \(webhook) ORDER BY sequence DESC LIMIT \(limit)) AS newest
        WHERE created_at >= \(since)
        """
    }

    static func range(of webhook: WebhookID, from: Int64, to: Int64, in organization: OrganizationID) -> Query {
        """
        SELECT \(columns) FROM delivery
        WHERE organization_id = \(organization) AND webhook_id = \(webhook) AND sequence BETWEEN \(from) AND \(to)
        ORDER BY sequence
        """
    }

    static func piece(
        of webhook: WebhookID, _ filter: DeliveryFilter, after sequence: Int64, limit: Int, in organization: OrganizationID
    ) -> Query {
        let conditions =
            conditions(filter) + [
                "organization_id = \(organization)", "webhook_id = \(webhook)", "sequence > \(sequence)",
            ]
        return "SELECT \(columns) FROM delivery WHERE \(Query.all(conditions)) ORDER BY sequence LIMIT \(limit)"
    }

    /// What a filter says of rows.
    static func conditions(_ filter: DeliveryFilter) -> [Query] {
        var conditions: [Query] = []
        if !filter.states.isEmpty { conditions.append("state IN (\(list: filter.states.map(\.rawValue)))") }
        if let event = filter.event { conditions.append("event_type = \(event)") }
        if let eventID = filter.eventID { conditions.append("event_id = \(eventID)") }
        if let code = filter.code { conditions.append("last_status_code = \(Int64(code))") }
        if let errorClass = filter.errorClass { conditions.append("last_error_class = \(errorClass)") }
        if let since = filter.since { conditions.append("created_at >= \(since)") }
        if let until = filter.until { conditions.append("created_at < \(until)") }
        return conditions
    }
}
