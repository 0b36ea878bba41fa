import Relational

enum PrivacyMigrations {
    /// `work_at` is when somebody has to look at a row: to build an archive or remove it, to go on with an erasure. An erasure's
    /// row is what remains of an organization: that it was erased, when, and the head of its audit log's chain, so that a copy
    /// of the log that was kept elsewhere can be checked.
    static let first = Migration(
        "privacy-1",
        """
        CREATE TABLE data_export (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            subject_user_id TEXT,
            includes_media BOOLEAN NOT NULL,
            requested_by TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'EXPIRED')),
            row_count BIGINT NOT NULL,
            file_count BIGINT NOT NULL,
            size_bytes BIGINT,
            error TEXT,
            attempts BIGINT NOT NULL,
            work_at BIGINT,
            created_at BIGINT NOT NULL,
            finished_at BIGINT,
            expires_at BIGINT,
            PRIMARY KEY (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX data_export_work ON data_export (work_at) WHERE work_at IS NOT NULL;
        CREATE TABLE erasure (
            organization_id TEXT PRIMARY KEY NOT NULL,
            requested_by TEXT NOT NULL,
            requested_at BIGINT NOT NULL,
            work_at BIGINT,
            user_ids TEXT NOT NULL,
            audit_lines BIGINT,
            audit_head TEXT,
            finished_at BIGINT
        ) \(.clusteredByPrimaryKey);
        """)
}
