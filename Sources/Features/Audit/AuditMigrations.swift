import Relational

enum AuditMigrations {
    /// Numbers without gaps and each line's hash over the one before: a line that was altered or removed shows.
    static let first = Migration(
        "audit-1",
        """
        CREATE TABLE audit_entry (
            organization_id TEXT NOT NULL,
            number BIGINT NOT NULL,
            id TEXT NOT NULL,
            at BIGINT NOT NULL,
            user_id TEXT,
            key_id TEXT,
            action TEXT NOT NULL,
            object_id TEXT,
            request_id TEXT NOT NULL,
            address TEXT,
            hash TEXT NOT NULL,
            PRIMARY KEY (organization_id, number)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX audit_entry_object ON audit_entry (organization_id, object_id, number) WHERE object_id IS NOT NULL;
        """)
}
