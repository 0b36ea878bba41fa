import Relational

enum InboxMigrations {
    /// Whose part of a thread is answered.
    static let parts = Migration(
        "inbox-parts",
        """
        CREATE INDEX publication_part ON publication (organization_id, social_account_id, platform_post_id, post_id, part)
            WHERE part > 0;
        """)

    static let first = Migration(
        "inbox-1",
        """
        CREATE TABLE inbox_item (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            brand_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            platform TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('COMMENT', 'MENTION')),
            platform_item_id TEXT NOT NULL,
            parent_platform_item_id TEXT,
            platform_post_id TEXT,
            post_id TEXT,
            author_handle TEXT,
            author_name TEXT,
            author_avatar_url TEXT,
            text TEXT NOT NULL,
            permalink TEXT,
            is_sandbox BOOLEAN NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('NEW', 'READ', 'REPLIED', 'HIDDEN', 'ARCHIVED')),
            assignee_user_id TEXT,
            received_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, social_account_id) REFERENCES social_account (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX inbox_item_platform ON inbox_item (organization_id, social_account_id, platform_item_id);
        CREATE INDEX inbox_item_status ON inbox_item (organization_id, status, id);
        CREATE INDEX inbox_item_post ON inbox_item (organization_id, post_id) WHERE post_id IS NOT NULL;
        CREATE TABLE inbox_reply (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            item_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            text TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('PENDING', 'SENDING', 'SENT', 'FAILED', 'UNKNOWN')),
            wake_at BIGINT,
            attempts BIGINT NOT NULL,
            looks BIGINT NOT NULL,
            armed_at BIGINT,
            fence BIGINT NOT NULL,
            is_claimed BOOLEAN NOT NULL,
            platform_id TEXT,
            error_code TEXT,
            error_message TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, item_id) REFERENCES inbox_item (organization_id, id),
            CHECK ((wake_at IS NULL) = (state IN ('SENT', 'FAILED', 'UNKNOWN')))
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX inbox_reply_item ON inbox_reply (organization_id, item_id);
        CREATE INDEX inbox_reply_platform ON inbox_reply (organization_id, social_account_id, platform_id)
            WHERE platform_id IS NOT NULL;
        CREATE INDEX inbox_reply_wake ON inbox_reply (wake_at) WHERE wake_at IS NOT NULL;
        CREATE TABLE inbox_poll (
            organization_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            lane TEXT NOT NULL,
            next_at BIGINT,
            fence BIGINT NOT NULL,
            is_claimed BOOLEAN NOT NULL,
            place TEXT,
            since BIGINT NOT NULL,
            watched_until BIGINT NOT NULL,
            failures BIGINT NOT NULL,
            last_error TEXT,
            checked_at BIGINT,
            PRIMARY KEY (organization_id, social_account_id),
            FOREIGN KEY (organization_id, social_account_id) REFERENCES social_account (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX inbox_poll_due ON inbox_poll (lane, next_at) WHERE next_at IS NOT NULL;
        CREATE TABLE inbox_watch (
            organization_id TEXT NOT NULL,
            social_account_id TEXT NOT NULL,
            platform_post_id TEXT NOT NULL,
            post_id TEXT NOT NULL,
            published_at BIGINT NOT NULL,
            seen_until BIGINT,
            next_at BIGINT,
            PRIMARY KEY (organization_id, social_account_id, platform_post_id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX inbox_watch_due ON inbox_watch (organization_id, social_account_id, next_at) WHERE next_at IS NOT NULL;
        CREATE TABLE inbox_notice (
            digest TEXT NOT NULL PRIMARY KEY,
            body TEXT NOT NULL,
            attempts BIGINT NOT NULL,
            next_at BIGINT NOT NULL,
            created_at BIGINT NOT NULL
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX inbox_notice_due ON inbox_notice (next_at);
        CREATE INDEX social_account_external ON social_account (platform, external_id);
        """)
}
