import Relational

enum AutomationMigrations {
    /// A run is unique for its automation and occasion: the event's id, or the time on the clock. That is what makes each
    /// happen once. A task is what a run does outside the database.
    static let first = Migration(
        "automations-1",
        """
        CREATE TABLE automation (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            user_id TEXT NOT NULL,
            name TEXT NOT NULL,
            description TEXT,
            enabled BOOLEAN NOT NULL,
            trigger_type TEXT NOT NULL,
            cron TEXT,
            timezone TEXT,
            conditions TEXT,
            actions TEXT NOT NULL,
            secrets_sealed TEXT,
            brand_ids TEXT NOT NULL,
            cooldown_seconds BIGINT NOT NULL,
            max_runs_per_hour BIGINT NOT NULL,
            is_development BOOLEAN NOT NULL,
            start_position BIGINT NOT NULL,
            next_run_at BIGINT,
            last_run_at BIGINT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            version BIGINT NOT NULL,
            deleted_at BIGINT,
            PRIMARY KEY (organization_id, id),
            CHECK ((trigger_type = 'schedule') = (cron IS NOT NULL AND timezone IS NOT NULL))
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX automation_clock ON automation (next_run_at) WHERE next_run_at IS NOT NULL;
        CREATE TABLE automation_cursor (
            organization_id TEXT NOT NULL PRIMARY KEY,
            position BIGINT NOT NULL
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE automation_run (
            organization_id TEXT NOT NULL,
            automation_id TEXT NOT NULL,
            id TEXT NOT NULL,
            occasion TEXT NOT NULL,
            event_type TEXT NOT NULL,
            event_id TEXT,
            depth BIGINT NOT NULL,
            status TEXT NOT NULL CHECK (status IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'SKIPPED')),
            code TEXT,
            reason TEXT,
            results TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            finished_at BIGINT,
            PRIMARY KEY (organization_id, automation_id, id),
            FOREIGN KEY (organization_id, automation_id) REFERENCES automation (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX automation_run_occasion ON automation_run (organization_id, automation_id, occasion);
        CREATE INDEX automation_run_age ON automation_run (created_at);
        CREATE TABLE automation_task (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            automation_id TEXT NOT NULL,
            run_id TEXT NOT NULL,
            place BIGINT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('webhook_call', 'generate_content', 'generate_image')),
            content_sealed TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('PENDING', 'DONE', 'FAILED')),
            attempts BIGINT NOT NULL,
            next_at BIGINT,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, automation_id) REFERENCES automation (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX automation_task_due ON automation_task (next_at) WHERE next_at IS NOT NULL;
        CREATE INDEX automation_task_run ON automation_task (organization_id, run_id);
        CREATE INDEX automation_task_age ON automation_task (created_at);
        CREATE TABLE automation_cause (
            organization_id TEXT NOT NULL,
            subject TEXT NOT NULL,
            depth BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, subject)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX automation_cause_age ON automation_cause (created_at);
        """)
}
