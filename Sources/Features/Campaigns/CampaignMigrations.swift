import Relational

enum CampaignMigrations {
    static let first = Migration(
        "campaigns-1",
        """
        CREATE TABLE campaign (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            brand_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT,
            goal TEXT,
            color TEXT,
            starts_at BIGINT,
            ends_at BIGINT CHECK (ends_at > starts_at),
            status TEXT NOT NULL CHECK (status IN ('DRAFT', 'SCHEDULED', 'ACTIVE', 'PAUSED', 'ENDED', 'CANCELLED', 'ARCHIVED')),
            started_at BIGINT,
            ended_at BIGINT,
            next_change_at BIGINT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            deleted_at BIGINT,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, brand_id) REFERENCES brand (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX campaign_clock ON campaign (next_change_at) WHERE next_change_at IS NOT NULL;
        """)
}
