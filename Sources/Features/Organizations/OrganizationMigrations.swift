package import Relational

package enum OrganizationMigrations {
    /// The plan rows hold the seed's request limits and the product's published quotas.
    package static let all = [
        Migration(
            "organizations-1",
            """
            CREATE TABLE plan (
                id TEXT PRIMARY KEY NOT NULL,
                requests_per_hour BIGINT NOT NULL CHECK (requests_per_hour > 0),
                posts_per_month BIGINT,
                social_accounts BIGINT,
                credits_per_month BIGINT,
                storage_bytes BIGINT
            );
            INSERT INTO plan (id, requests_per_hour, posts_per_month, social_accounts, credits_per_month, storage_bytes) VALUES
                ('STARTER', 100, 100, 2, 200, 5368709120),
                ('GROWTH', 500, 500, 5, 1000, 26843545600),
                ('SCALE', 2000, 2000, NULL, 5000, 107374182400),
                ('ENTERPRISE', 10000, NULL, NULL, NULL, NULL);
            CREATE TABLE organization (
                id TEXT PRIMARY KEY NOT NULL,
                name TEXT NOT NULL,
                plan TEXT NOT NULL REFERENCES plan (id),
                requests_per_hour BIGINT CHECK (requests_per_hour > 0),
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                version BIGINT NOT NULL
            );
            CREATE TABLE app_user (
                id TEXT PRIMARY KEY NOT NULL,
                email TEXT NOT NULL UNIQUE,
                name TEXT,
                created_at BIGINT NOT NULL
            );
            CREATE TABLE member (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                user_id TEXT NOT NULL REFERENCES app_user (id),
                role TEXT NOT NULL CHECK (role IN ('OWNER', 'ADMIN', 'MANAGER', 'CREATOR', 'VIEWER')),
                created_at BIGINT NOT NULL,
                PRIMARY KEY (organization_id, user_id)
            ) \(.clusteredByPrimaryKey);
            CREATE UNIQUE INDEX member_owner ON member (organization_id) WHERE role = 'OWNER';
            CREATE TABLE post_quota (
                organization_id TEXT NOT NULL,
                month_start BIGINT NOT NULL,
                used BIGINT NOT NULL,
                PRIMARY KEY (organization_id, month_start)
            ) \(.clusteredByPrimaryKey);
            """)
    ]
    /// What an organization may set, and members who are limited to brands.
    static let settings = Migration(
        "organizations-2",
        """
        ALTER TABLE organization ADD COLUMN timezone TEXT NOT NULL DEFAULT 'UTC';
        ALTER TABLE organization ADD COLUMN approval_required BOOLEAN NOT NULL DEFAULT FALSE;
        ALTER TABLE organization ADD COLUMN self_approval BOOLEAN NOT NULL DEFAULT FALSE;
        ALTER TABLE organization ADD COLUMN approval_stages BIGINT NOT NULL DEFAULT 1;
        ALTER TABLE organization ADD COLUMN category_required BOOLEAN NOT NULL DEFAULT FALSE;
        ALTER TABLE organization ADD COLUMN deleted_at BIGINT;
        ALTER TABLE member ADD COLUMN brand_ids TEXT NOT NULL DEFAULT '[]';
        """)
}
