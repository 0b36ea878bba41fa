package import Relational

/// The tables of this target.
package enum MeteringMigrations {
    // No reference to the organization: rows live for two hours at most, and counting must not wait for other tables.
    package static let all = [
        Migration(
            "metering-1",
            """
            CREATE TABLE rate_window (
                organization_id TEXT NOT NULL,
                window_start BIGINT NOT NULL,
                reserved BIGINT NOT NULL CHECK (reserved >= 0),
                PRIMARY KEY (organization_id, window_start)
            ) \(.clusteredByPrimaryKey)
            """)
    ]

    package static let repeats = Migration(
        "metering-2",
        """
        CREATE TABLE request_repeat (
            organization_id TEXT NOT NULL,
            key_id TEXT NOT NULL,
            text TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            status BIGINT NOT NULL,
            location TEXT,
            entity_tag TEXT,
            body_sealed TEXT NOT NULL,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, key_id, text)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX request_repeat_age ON request_repeat (created_at);
        """)
}
