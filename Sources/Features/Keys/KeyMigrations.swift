package import Relational

package enum KeyMigrations {
    package static let all = [
        Migration(
            "keys-1",
            """
            CREATE TABLE api_key (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                user_id TEXT NOT NULL REFERENCES app_user (id),
                name TEXT NOT NULL,
                hint TEXT NOT NULL,
                digest TEXT NOT NULL,
                scope TEXT NOT NULL CHECK (scope IN ('read-only', 'read-write', 'admin')),
                brand_ids TEXT NOT NULL,
                is_development BOOLEAN NOT NULL,
                created_at BIGINT NOT NULL,
                expires_at BIGINT,
                revoked_at BIGINT,
                last_used_at BIGINT,
                rotated_from TEXT,
                PRIMARY KEY (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            CREATE UNIQUE INDEX api_key_digest ON api_key (digest);
            """)
    ]
    static let version = Migration(
        "keys-3", "ALTER TABLE api_key ADD COLUMN api_version TEXT NOT NULL DEFAULT '2026-11-01'")
    static let addresses = Migration(
        "keys-2", "ALTER TABLE api_key ADD COLUMN allowed_addresses TEXT NOT NULL DEFAULT '[]'")
}
