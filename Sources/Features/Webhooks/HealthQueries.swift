import Core
import Relational

/// The SQL of failing webhooks. A webhook that works has no row.
enum HealthQueries {
    static let columns: Query = """
        health.failing_since, health.last_failure_at, health.failures, health.failed_events, health.last_error, \
        health.alerted_hours, health.exhausted_told_at, health.disabled_at, health.probe_at, health.probes
        """

    static func decode(_ row: any ResultRow, from first: Int) -> WebhookHealth? {
        guard let since = row.optionalInstant(first) else { return nil }
        var health = WebhookHealth(failingSince: since)
        health.lastFailureAt = row.instant(first + 1)
        health.failures = Int(row.int(first + 2))
        health.failedEvents = Int(row.int(first + 3))
        health.lastError = row.optionalText(first + 4)
        health.alertedHours = Int(row.int(first + 5))
        health.exhaustedToldAt = row.optionalInstant(first + 6)
        health.disabledAt = row.optionalInstant(first + 7)
        health.probeAt = row.optionalInstant(first + 8)
        health.probes = Int(row.int(first + 9))
        return health
    }

    static func find(_ webhook: WebhookID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM webhook_health health WHERE organization_id = \(organization) AND webhook_id = \(webhook)"
    }

    static func save(_ health: WebhookHealth, of webhook: WebhookID, in organization: OrganizationID) -> Query {
        """
        INSERT INTO webhook_health (organization_id, webhook_id, failing_since, last_failure_at, failures, failed_events,
            last_error, alerted_hours, exhausted_told_at, disabled_at, probe_at, probes)
        VALUES (\(organization), \(webhook), \(health.failingSince), \(health.lastFailureAt), \(health.failures),
                \(health.failedEvents), \(health.lastError), \(health.alertedHours), \(health.exhaustedToldAt),
                \(health.disabledAt), \(health.probeAt), \(health.probes))
        ON CONFLICT (organization_id, webhook_id) DO UPDATE SET failing_since = excluded.failing_since,
            last_failure_at = excluded.last_failure_at, failures = excluded.failures,
            failed_events = excluded.failed_events, last_error = excluded.last_error,
            alerted_hours = excluded.alerted_hours, exhausted_told_at = excluded.exhausted_told_at,
            disabled_at = excluded.disabled_at, probe_at = excluded.probe_at, probes = excluded.probes
        """
    }

    /// The server tries a disabled webhook no more: a person has decided.
    static func endProbes(_ webhook: WebhookID, in organization: OrganizationID) -> Query {
        """
        UPDATE webhook_health SET disabled_at = NULL, probe_at = NULL
        WHERE organization_id = \(organization) AND webhook_id = \(webhook)
        """
    }

    static func clear(_ webhook: WebhookID, in organization: OrganizationID) -> Query {
        "DELETE FROM webhook_health WHERE organization_id = \(organization) AND webhook_id = \(webhook)"
    }
}
