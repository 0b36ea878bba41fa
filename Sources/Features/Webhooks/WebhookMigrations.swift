package import Relational

package enum WebhookMigrations {
    package static let all = [
        Migration(
            "webhooks-1",
            """
            CREATE TABLE webhook (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                url TEXT NOT NULL,
                description TEXT,
                events TEXT NOT NULL,
                enabled BOOLEAN NOT NULL,
                disabled_reason TEXT,
                headers_sealed TEXT NOT NULL,
                secret_sealed TEXT NOT NULL,
                retry_schedule TEXT,
                timeout_seconds BIGINT NOT NULL CHECK (timeout_seconds BETWEEN 1 AND 30),
                next_sequence BIGINT NOT NULL,
                user_id TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                version BIGINT NOT NULL,
                deleted_at BIGINT,
                PRIMARY KEY (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            """)
    ]

    /// Everything a webhook can be told beyond where to send what. `options`, JSON, is read by the sender only; what the
    /// fan-out or a query asks for has a column. `secrets` holds the ring of keys, each sealed. A row of `webhook_health`
    /// exists only while a webhook fails.
    package static let options = Migration(
        "webhooks-2",
        """
        ALTER TABLE webhook ADD COLUMN ordering TEXT NOT NULL DEFAULT 'none' CHECK (ordering IN ('none', 'entity', 'strict'));
        ALTER TABLE webhook ADD COLUMN batch_seconds BIGINT NOT NULL DEFAULT 0;
        ALTER TABLE webhook ADD COLUMN filter TEXT;
        ALTER TABLE webhook ADD COLUMN options TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE webhook ADD COLUMN authentication_sealed TEXT;
        ALTER TABLE webhook ADD COLUMN secrets TEXT NOT NULL DEFAULT '[]';
        UPDATE webhook SET secrets = '[{"sealed":"' || secret_sealed || '","from":' || created_at || '}]';
        ALTER TABLE webhook DROP COLUMN secret_sealed;
        CREATE TABLE webhook_health (
            organization_id TEXT NOT NULL,
            webhook_id TEXT NOT NULL,
            failing_since BIGINT NOT NULL,
            last_failure_at BIGINT NOT NULL,
            failures BIGINT NOT NULL,
            failed_events BIGINT NOT NULL,
            last_error TEXT,
            alerted_hours BIGINT NOT NULL,
            exhausted_told_at BIGINT,
            disabled_at BIGINT,
            probe_at BIGINT,
            probes BIGINT NOT NULL,
            PRIMARY KEY (organization_id, webhook_id),
            FOREIGN KEY (organization_id, webhook_id) REFERENCES webhook (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE filtered_delivery (
            organization_id TEXT NOT NULL,
            webhook_id TEXT NOT NULL,
            id TEXT NOT NULL,
            event_id TEXT NOT NULL,
            event_type TEXT NOT NULL,
            reason TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, webhook_id, id)
        ) \(.clusteredByPrimaryKey);
        """)
}
