import Relational

enum NotificationMigrations {
    static let first = Migration(
        "notifications-1",
        """
        CREATE TABLE notification (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            user_id TEXT NOT NULL,
            id TEXT NOT NULL,
            brand_id TEXT,
            title TEXT NOT NULL,
            text TEXT,
            automation_id TEXT NOT NULL,
            read_at BIGINT,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, user_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX notification_age ON notification (created_at);
        """)
}
