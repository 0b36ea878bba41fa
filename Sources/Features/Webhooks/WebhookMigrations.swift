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
}
