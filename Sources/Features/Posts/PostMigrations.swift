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
}
