package import Relational

package enum PostMigrations {
    /// Clustered by (organization, id): ids are ordered by time, so the list "newest first" reads neighbouring rows.
    package static let all = [
        Migration(
            "posts-1",
            """
            CREATE TABLE post (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                brand_id TEXT NOT NULL,
                user_id TEXT NOT NULL,
                title TEXT,
                caption TEXT NOT NULL,
                link TEXT,
                platforms TEXT NOT NULL,
                account_ids TEXT NOT NULL,
                media TEXT NOT NULL,
                visibility TEXT CHECK (visibility IN ('public', 'unlisted', 'private', 'direct')),
                content_warning TEXT,
                status TEXT NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'CHANGES_REQUESTED', 'REJECTED', 'SCHEDULED',
                    'PUBLISHING', 'PUBLISHED', 'PARTIALLY_PUBLISHED', 'FAILED', 'NEEDS_ATTENTION', 'CANCELLED', 'ARCHIVED')),
                scheduled_for BIGINT,
                campaign_id TEXT,
                warnings TEXT NOT NULL,
                platform_results TEXT NOT NULL,
                failure_code TEXT,
                failure_message TEXT,
                published_at BIGINT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                version BIGINT NOT NULL,
                deleted_at BIGINT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, brand_id) REFERENCES brand (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            CREATE INDEX post_status ON post (organization_id, status, id);
            CREATE INDEX post_brand ON post (organization_id, brand_id, id);
            CREATE INDEX post_campaign ON post (organization_id, campaign_id, id) WHERE campaign_id IS NOT NULL;
            CREATE INDEX post_schedule ON post (organization_id, scheduled_for) WHERE scheduled_for IS NOT NULL;
            """)
    ]

    /// Everything around a post: overrides, labels, the caller's own id, review, repetition, history, remarks.
    static let whole = Migration(
        "posts-2",
        """
        ALTER TABLE post ADD COLUMN overrides TEXT;
        ALTER TABLE post ADD COLUMN category_id TEXT;
        ALTER TABLE post ADD COLUMN pillar_id TEXT;
        ALTER TABLE post ADD COLUMN tags TEXT;
        ALTER TABLE post ADD COLUMN external_ref TEXT;
        ALTER TABLE post ADD COLUMN content_type TEXT;
        ALTER TABLE post ADD COLUMN queue_id TEXT;
        ALTER TABLE post ADD COLUMN recurrence TEXT;
        ALTER TABLE post ADD COLUMN parent_id TEXT;
        ALTER TABLE post ADD COLUMN approval TEXT;
        CREATE UNIQUE INDEX post_external_ref ON post (organization_id, external_ref)
            WHERE external_ref IS NOT NULL AND deleted_at IS NULL;
        CREATE INDEX post_queue ON post (organization_id, queue_id, scheduled_for) WHERE queue_id IS NOT NULL;
        CREATE TABLE post_revision (
            organization_id TEXT NOT NULL,
            post_id TEXT NOT NULL,
            version BIGINT NOT NULL,
            user_id TEXT,
            changed_fields TEXT NOT NULL,
            snapshot TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, post_id, version)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE post_comment (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            post_id TEXT NOT NULL,
            user_id TEXT,
            author TEXT,
            body TEXT NOT NULL,
            resolved BOOLEAN NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX post_comment_post ON post_comment (organization_id, post_id, id);
        CREATE TABLE post_decision (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            post_id TEXT NOT NULL,
            stage BIGINT NOT NULL,
            user_id TEXT,
            author TEXT,
            decision TEXT NOT NULL CHECK (decision IN ('APPROVE', 'REJECT', 'REQUEST_CHANGES')),
            note TEXT,
            post_version BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX post_decision_post ON post_decision (organization_id, post_id, id);
        CREATE TABLE posting_queue (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            brand_id TEXT NOT NULL,
            name TEXT NOT NULL,
            timezone TEXT NOT NULL,
            slots TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            deleted_at BIGINT,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, brand_id) REFERENCES brand (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        """)

    /// What follows a post: its thread and its first comment, each part a publication of its own.
    static let followUps = Migration(
        "posts-3",
        """
        ALTER TABLE post ADD COLUMN thread TEXT;
        ALTER TABLE post ADD COLUMN first_comment TEXT;
        ALTER TABLE publication ADD COLUMN part BIGINT NOT NULL DEFAULT 0;
        DROP INDEX publication_post;
        CREATE UNIQUE INDEX publication_post ON publication (organization_id, post_id, social_account_id, part);
        """)

    /// An occurrence that began to be published has handed its repetition on: what came before this did not forget it then.
    static let handedOn = Migration(
        "posts-4",
        """
        UPDATE post SET recurrence = NULL
        WHERE recurrence IS NOT NULL
            AND status IN ('PUBLISHING', 'PUBLISHED', 'PARTIALLY_PUBLISHED', 'FAILED', 'NEEDS_ATTENTION');
        """)
}
