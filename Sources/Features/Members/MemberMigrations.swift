import Relational

enum MemberMigrations {
    static let invites = Migration(
        "members-1",
        """
        CREATE TABLE invite (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            email TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('ADMIN', 'MANAGER', 'CREATOR', 'VIEWER')),
            brand_ids TEXT NOT NULL,
            message TEXT,
            digest TEXT NOT NULL,
            invited_by TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('PENDING', 'ACCEPTED', 'CANCELLED')),
            expires_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX invite_digest ON invite (digest);
        CREATE UNIQUE INDEX invite_email ON invite (organization_id, email) WHERE status = 'PENDING';
        CREATE TABLE mail (
            id TEXT PRIMARY KEY NOT NULL,
            organization_id TEXT NOT NULL,
            content_sealed TEXT NOT NULL,
            attempts BIGINT NOT NULL,
            next_at BIGINT,
            last_error TEXT,
            sent_at BIGINT,
            created_at BIGINT NOT NULL
        );
        CREATE INDEX mail_next ON mail (next_at) WHERE next_at IS NOT NULL;
        """)
}
