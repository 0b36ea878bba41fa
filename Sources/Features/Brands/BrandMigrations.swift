package import Relational

package enum BrandMigrations {
    package static let all = [
        Migration(
            "brands-1",
            """
            CREATE TABLE brand (
                organization_id TEXT NOT NULL REFERENCES organization (id),
                id TEXT NOT NULL,
                name TEXT NOT NULL,
                colors TEXT NOT NULL,
                brand_cards BOOLEAN NOT NULL,
                created_at BIGINT NOT NULL,
                updated_at BIGINT NOT NULL,
                version BIGINT NOT NULL,
                deleted_at BIGINT,
                PRIMARY KEY (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            CREATE UNIQUE INDEX brand_name ON brand (organization_id, name) WHERE deleted_at IS NULL;
            """)
    ]

    /// How a brand speaks, as JSON.
    static let voice = Migration("brands-2", "ALTER TABLE brand ADD COLUMN voice TEXT")

    /// The picture of the library that its cards show.
    static let logo = Migration("brands-3", "ALTER TABLE brand ADD COLUMN logo_media_id TEXT")
}
