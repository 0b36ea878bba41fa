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
}
