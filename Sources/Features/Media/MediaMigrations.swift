import Relational

enum MediaMigrations {
    static let first = Migration(
        "media-1",
        """
        CREATE TABLE media (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            brand_id TEXT,
            folder_id TEXT,
            kind TEXT NOT NULL CHECK (kind IN ('IMAGE', 'GIF', 'VIDEO')),
            mime_type TEXT NOT NULL,
            filename TEXT NOT NULL,
            size_bytes BIGINT NOT NULL,
            sha256 TEXT NOT NULL,
            width BIGINT,
            height BIGINT,
            frames BIGINT,
            has_alpha BOOLEAN,
            alt_text TEXT,
            tags TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('UPLOAD', 'URL', 'AI', 'IMPORT')),
            prompt TEXT,
            renditions TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            deleted_at BIGINT,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX media_folder_list ON media (organization_id, folder_id, id) WHERE deleted_at IS NULL;
        CREATE TABLE media_folder (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT,
            parent_id TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE media_upload (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            filename TEXT NOT NULL,
            size_bytes BIGINT NOT NULL,
            received_bytes BIGINT NOT NULL,
            brand_id TEXT,
            folder_id TEXT,
            alt_text TEXT,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE media_usage (
            organization_id TEXT PRIMARY KEY NOT NULL,
            used BIGINT NOT NULL
        );
        """)
}
