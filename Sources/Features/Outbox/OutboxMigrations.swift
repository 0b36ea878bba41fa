package import Relational

package enum OutboxMigrations {
    package static let all = [
        Migration(
            "outbox-1",
            """
            CREATE TABLE event (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                brand_id TEXT,
                user_id TEXT,
                type TEXT NOT NULL,
                body TEXT NOT NULL,
                created_at BIGINT NOT NULL,
                PRIMARY KEY (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            """)
    ]

    /// The feed: every event has a number, without gaps for each organization, in the order of commits. Tests have none.
    package static let feed = Migration(
        "outbox-2",
        """
        ALTER TABLE event ADD COLUMN position BIGINT;
        ALTER TABLE event ADD COLUMN scope TEXT NOT NULL DEFAULT '{}';
        ALTER TABLE event ADD COLUMN is_test BOOLEAN NOT NULL DEFAULT FALSE;
        ALTER TABLE event ADD COLUMN dedupe_key TEXT;
        UPDATE event SET position = numbered.position FROM (
            SELECT organization_id, id, row_number() OVER (PARTITION BY organization_id ORDER BY id) AS position FROM event
        ) AS numbered WHERE numbered.organization_id = event.organization_id AND numbered.id = event.id;
        CREATE UNIQUE INDEX event_feed ON event (organization_id, position);
        CREATE UNIQUE INDEX event_dedupe ON event (organization_id, dedupe_key) WHERE dedupe_key IS NOT NULL;
        CREATE TABLE event_counter (
            organization_id TEXT NOT NULL PRIMARY KEY,
            next_position BIGINT NOT NULL
        ) \(.clusteredByPrimaryKey);
        INSERT INTO event_counter (organization_id, next_position)
            SELECT organization_id, max(position) + 1 FROM event GROUP BY organization_id;
        """)
}
