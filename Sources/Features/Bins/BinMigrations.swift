package import Relational

package enum BinMigrations {
    package static let first = Migration(
        "bins-1",
        """
        CREATE TABLE bin (
            id TEXT NOT NULL PRIMARY KEY,
            organization_id TEXT NOT NULL REFERENCES organization (id),
            behavior TEXT NOT NULL,
            status BIGINT NOT NULL,
            delay_ms BIGINT NOT NULL,
            response_body TEXT NOT NULL,
            failures BIGINT,
            request_count BIGINT NOT NULL,
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX bin_of_organization ON bin (organization_id, id);
        CREATE TABLE bin_request (
            bin_id TEXT NOT NULL REFERENCES bin (id),
            number BIGINT NOT NULL,
            received_at BIGINT NOT NULL,
            method TEXT NOT NULL,
            path TEXT NOT NULL,
            headers TEXT NOT NULL,
            body TEXT NOT NULL,
            truncated BOOLEAN NOT NULL,
            PRIMARY KEY (bin_id, number)
        ) \(.clusteredByPrimaryKey);
        """)
}
