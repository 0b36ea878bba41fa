package import Relational

package enum SandboxMigrations {
    /// What the built-in simulators remember: the posts that their public sees, their own small state, faults in waiting.
    package static let all = [
        Migration(
            "sandbox-1",
            """
            CREATE TABLE sandbox_post (
                platform TEXT NOT NULL,
                account TEXT NOT NULL,
                id TEXT NOT NULL,
                idempotency_key TEXT,
                text TEXT NOT NULL,
                media_count BIGINT NOT NULL,
                permalink TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (platform, account, id)
            ) \(.clusteredByPrimaryKey);
            CREATE UNIQUE INDEX sandbox_post_id ON sandbox_post (platform, id);
            CREATE UNIQUE INDEX sandbox_post_key ON sandbox_post (platform, account, idempotency_key)
                WHERE idempotency_key IS NOT NULL;
            CREATE INDEX sandbox_post_time ON sandbox_post (platform, account, created_at);
            CREATE TABLE sandbox_state (
                platform TEXT NOT NULL,
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (platform, name)
            ) \(.clusteredByPrimaryKey);
            CREATE TABLE sandbox_fault (
                platform TEXT NOT NULL,
                account TEXT NOT NULL,
                step TEXT NOT NULL,
                mode TEXT NOT NULL,
                status BIGINT,
                remaining BIGINT NOT NULL,
                PRIMARY KEY (platform, account, step)
            ) \(.clusteredByPrimaryKey);
            """)
    ]

    /// What their public says: comments, mentions, and the accounts' own answers.
    static let remarks = Migration(
        "sandbox-remarks",
        """
        CREATE TABLE sandbox_remark (
            platform TEXT NOT NULL,
            account TEXT NOT NULL,
            id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('comment', 'mention')),
            post_id TEXT,
            parent_id TEXT,
            author TEXT NOT NULL,
            is_own BOOLEAN NOT NULL,
            text TEXT NOT NULL,
            is_hidden BOOLEAN NOT NULL,
            idempotency_key TEXT,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (platform, account, id)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX sandbox_remark_id ON sandbox_remark (platform, id);
        CREATE UNIQUE INDEX sandbox_remark_key ON sandbox_remark (platform, account, idempotency_key)
            WHERE idempotency_key IS NOT NULL;
        CREATE INDEX sandbox_remark_time ON sandbox_remark (platform, account, created_at);
        """)
}
