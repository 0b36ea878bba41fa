import Relational

enum JobMigrations {
    static let first = Migration(
        "jobs-1",
        """
        CREATE TABLE job (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            brand_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            user_id TEXT NOT NULL,
            key_id TEXT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
            progress DOUBLE PRECISION NOT NULL CHECK (progress >= 0 AND progress <= 1),
            step TEXT,
            input TEXT NOT NULL,
            result TEXT,
            error_code TEXT,
            error_message TEXT,
            provider TEXT,
            credits_reserved BIGINT NOT NULL,
            credits_charged BIGINT,
            wake_at BIGINT,
            attempts BIGINT NOT NULL,
            fencing_token BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            started_at BIGINT,
            finished_at BIGINT,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, brand_id) REFERENCES brand (organization_id, id),
            CHECK ((wake_at IS NOT NULL) = (status IN ('QUEUED', 'RUNNING'))),
            CHECK ((result IS NOT NULL) = (status = 'SUCCEEDED'))
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX job_wake ON job (wake_at) WHERE wake_at IS NOT NULL;
        CREATE INDEX job_running ON job (organization_id) WHERE status = 'RUNNING';
        CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
        """)

    /// Counts an organization's open jobs without going over those of the last month.
    static let open = Migration("jobs-2", "CREATE INDEX job_open ON job (organization_id, wake_at) WHERE wake_at IS NOT NULL")
}
