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

    /// Health, renewable tokens, and connecting by OAuth.
    static let health = Migration(
        "accounts-2",
        """
        ALTER TABLE social_account ADD COLUMN account_type TEXT;
        ALTER TABLE social_account ADD COLUMN profile_url TEXT;
        ALTER TABLE social_account ADD COLUMN avatar_url TEXT;
        ALTER TABLE social_account ADD COLUMN follower_count BIGINT;
        ALTER TABLE social_account ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';
        ALTER TABLE social_account ADD COLUMN token_issued_at BIGINT;
        ALTER TABLE social_account ADD COLUMN token_expires_at BIGINT;
        ALTER TABLE social_account ADD COLUMN token_generation BIGINT NOT NULL DEFAULT 1;
        ALTER TABLE social_account ADD COLUMN refresh_sealed TEXT;
        ALTER TABLE social_account ADD COLUMN refresh_expires_at BIGINT;
        ALTER TABLE social_account ADD COLUMN client_id TEXT;
        ALTER TABLE social_account ADD COLUMN renewing_until BIGINT;
        ALTER TABLE social_account ADD COLUMN expiring_since BIGINT;
        ALTER TABLE social_account ADD COLUMN last_verified_at BIGINT;
        ALTER TABLE social_account ADD COLUMN last_error_code TEXT;
        ALTER TABLE social_account ADD COLUMN next_check_at BIGINT;
        UPDATE social_account SET next_check_at = created_at + 86400000 WHERE status IN ('ACTIVE', 'DISABLED');
        CREATE INDEX social_account_check ON social_account (next_check_at) WHERE next_check_at IS NOT NULL;
        CREATE TABLE oauth_app (
            platform TEXT NOT NULL,
            base_url TEXT NOT NULL,
            client_id TEXT NOT NULL,
            redirect_uri TEXT NOT NULL,
            secret_sealed TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (platform, base_url, client_id)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE account_connection (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            brand_id TEXT NOT NULL,
            platform TEXT NOT NULL,
            base_url TEXT NOT NULL,
            reconnect_id TEXT,
            redirect_to TEXT,
            state_digest TEXT NOT NULL,
            verifier_sealed TEXT NOT NULL,
            choice_digest TEXT,
            choices_sealed TEXT,
            used_at BIGINT,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, brand_id) REFERENCES brand (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX account_connection_state ON account_connection (state_digest);
        CREATE UNIQUE INDEX account_connection_choice ON account_connection (choice_digest) WHERE choice_digest IS NOT NULL;
        CREATE INDEX account_connection_end ON account_connection (expires_at);
        """)
}
