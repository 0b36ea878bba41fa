package import Relational

package enum AccountMigrations {
    package static let all = [
        Migration(
            "accounts-1",
            """
            CREATE TABLE social_account (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                brand_id TEXT NOT NULL,
                platform TEXT NOT NULL,
                external_id TEXT NOT NULL,
                username TEXT NOT NULL,
                display_name TEXT,
                base_url TEXT NOT NULL,
                is_sandbox BOOLEAN NOT NULL,
                status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'NEEDS_RECONNECT', 'DISABLED', 'DISCONNECTED')),
                last_error TEXT,
                token_sealed TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                version BIGINT NOT NULL,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, brand_id) REFERENCES brand (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            CREATE INDEX social_account_brand ON social_account (organization_id, brand_id, platform);
            CREATE UNIQUE INDEX social_account_profile ON social_account (organization_id, platform, base_url, external_id)
                WHERE status <> 'DISCONNECTED';
            """)
    ]
}
