package import Relational

package enum PublicationMigrations {
    package static let all = [
        Migration(
            "publications-1",
            """
            CREATE TABLE publication (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                post_id TEXT NOT NULL,
                social_account_id TEXT NOT NULL,
                platform TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('PENDING', 'PUBLISHING', 'RETRYING', 'PUBLISHED', 'FAILED',
                    'NEEDS_ATTENTION', 'CANCELLED')),
                wake_at BIGINT,
                attempts BIGINT NOT NULL,
                reconciliations BIGINT NOT NULL,
                fencing_token BIGINT NOT NULL,
                platform_post_id TEXT,
                permalink TEXT,
                error_class TEXT,
                error_code TEXT,
                error_message TEXT,
                published_at BIGINT,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, post_id) REFERENCES post (organization_id, id),
                FOREIGN KEY (organization_id, social_account_id) REFERENCES social_account (organization_id, id),
                CHECK ((wake_at IS NULL) = (state IN ('PUBLISHED', 'FAILED', 'NEEDS_ATTENTION', 'CANCELLED')))
            ) \(.clusteredByPrimaryKey);
            CREATE UNIQUE INDEX publication_post ON publication (organization_id, post_id, social_account_id);
            CREATE INDEX publication_account ON publication (organization_id, social_account_id, published_at)
                WHERE published_at IS NOT NULL;
            CREATE INDEX publication_wake ON publication (wake_at) WHERE wake_at IS NOT NULL;
            CREATE TABLE publication_journal (
                organization_id TEXT NOT NULL,
                publication_id TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('ARMED', 'CONFIRMED', 'ABSENT', 'REFUSED', 'UNKNOWN')),
                fencing_token BIGINT NOT NULL,
                handles TEXT NOT NULL,
                detail TEXT,
                at BIGINT NOT NULL,
                PRIMARY KEY (organization_id, publication_id, sequence),
                FOREIGN KEY (organization_id, publication_id) REFERENCES publication (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            """)
    ]
}
