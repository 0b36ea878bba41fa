import Contract
import Core
import Relational

/// The SQL of webhooks.
enum WebhookQueries {
    /// A webhook with its health, which is there only while it fails.
    static let table: Query = """
        webhook LEFT JOIN webhook_health health
            ON health.organization_id = webhook.organization_id AND health.webhook_id = webhook.id
        """
    /// Webhooks that fail.
    static let failing: Query = """
        webhook_health health JOIN webhook
            ON webhook.organization_id = health.organization_id AND webhook.id = health.webhook_id
            AND webhook.deleted_at IS NULL
        """
    static let columns: Query = """
        webhook.organization_id, webhook.id, webhook.url, webhook.description, webhook.events, webhook.enabled, \
        webhook.disabled_reason, webhook.headers_sealed, webhook.retry_schedule, webhook.timeout_seconds, webhook.ordering, \
        webhook.batch_seconds, webhook.filter, webhook.options, webhook.authentication_sealed, webhook.secrets, \
        webhook.created_at, webhook.updated_at, webhook.version, \(HealthQueries.columns)
        """

    static func decode(_ row: any ResultRow) throws -> WebhookStore.SealedWebhook {
        let webhook = Webhook(
            id: row.id(1), organizationID: row.id(0), url: row.text(2), description: row.optionalText(3),
            events: StringList.decode(row.text(4)), isEnabled: row.bool(5), disabledReason: row.optionalText(6), headers: [],
            retrySchedule: try row.optionalText(8).map { try RetrySchedule($0) }, timeoutSeconds: Int(row.int(9)),
            ordering: try row.value(10), batchSeconds: Int(row.int(11)), filter: nil, options: WebhookOptions(),
            authentication: nil, health: HealthQueries.decode(row, from: 19), createdAt: row.instant(16),
            updatedAt: row.instant(17), version: row.int(18))
        return WebhookStore.SealedWebhook(
            webhook: webhook, headersSealed: row.text(7), authenticationSealed: row.optionalText(14), options: row.text(13),
            filter: row.optionalText(12), secrets: row.text(15))
    }

    static func insert(_ sealed: WebhookStore.SealedWebhook, by user: UserID) -> Query {
        let webhook = sealed.webhook
        return """
            INSERT INTO webhook (organization_id, id, url, description, events, enabled, disabled_reason, headers_sealed,
                retry_schedule, timeout_seconds, ordering, batch_seconds, filter, options, authentication_sealed, secrets,
                created_at, updated_at, version, next_sequence, user_id)
            VALUES (\(webhook.organizationID), \(webhook.id), \(webhook.url), \(webhook.description),
                    \(StringList.encode(webhook.events)), \(webhook.isEnabled), \(webhook.disabledReason),
                    \(sealed.headersSealed), \(webhook.retrySchedule?.text), \(webhook.timeoutSeconds), \(webhook.ordering),
                    \(webhook.batchSeconds), \(sealed.filter), \(sealed.options), \(sealed.authenticationSealed),
                    \(sealed.secrets), \(webhook.createdAt), \(webhook.updatedAt), \(webhook.version), 1, \(user))
            """
    }

    /// Writes everything but `enabled`, as the version after `version`; no row when somebody else has.
    static func update(_ sealed: WebhookStore.SealedWebhook, from version: Int64) -> Query {
        let webhook = sealed.webhook
        return """
            UPDATE webhook SET url = \(webhook.url), description = \(webhook.description),
                events = \(StringList.encode(webhook.events)), headers_sealed = \(sealed.headersSealed),
                retry_schedule = \(webhook.retrySchedule?.text), timeout_seconds = \(webhook.timeoutSeconds),
                ordering = \(webhook.ordering), batch_seconds = \(webhook.batchSeconds), filter = \(sealed.filter),
                options = \(sealed.options), authentication_sealed = \(sealed.authenticationSealed),
                secrets = \(sealed.secrets), updated_at = \(webhook.updatedAt), version = version + 1
            WHERE organization_id = \(webhook.organizationID) AND id = \(webhook.id) AND version = \(version)
              AND deleted_at IS NULL
            """
    }
}
