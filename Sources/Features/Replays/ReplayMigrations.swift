package import Relational

package enum ReplayMigrations {
    package static let first = Migration(
        "replays-1",
        """
        CREATE TABLE webhook_replay (
            organization_id TEXT NOT NULL,
            id TEXT NOT NULL,
            webhook_id TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('RUNNING', 'PAUSED', 'COMPLETED', 'CANCELLED')),
            since BIGINT NOT NULL,
            until BIGINT NOT NULL,
            selections TEXT NOT NULL,
            events TEXT NOT NULL,
            codes TEXT NOT NULL,
            rate_per_second BIGINT NOT NULL,
            position BIGINT NOT NULL,
            end_position BIGINT NOT NULL,
            scanned BIGINT NOT NULL,
            sent BIGINT NOT NULL,
            total BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, id),
            FOREIGN KEY (organization_id, webhook_id) REFERENCES webhook (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX webhook_replay_running ON webhook_replay (updated_at) WHERE state = 'RUNNING';
        """)
}
