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
}
