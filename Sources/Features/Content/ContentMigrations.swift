import Relational

enum ContentMigrations {
    static let labels = Migration(
        "content-1",
        """
        CREATE TABLE content_label (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('category', 'pillar', 'tag')),
            name TEXT NOT NULL,
            description TEXT,
            color TEXT,
            display_order BIGINT NOT NULL,
            target_percentage DOUBLE PRECISION,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            deleted_at BIGINT,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX content_label_name ON content_label (organization_id, kind, name) WHERE deleted_at IS NULL;
        """)
}
