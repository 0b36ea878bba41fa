package import Relational

package enum DeliveryMigrations {
    /// `wake_at` is when somebody has to look at a delivery: the due time, or the end of its worker's lease. Null when
    /// nothing more happens by itself.
    ///
    /// Each state of open work has a partial index of its own, so that first attempts are found however many retries are
    /// due, and counted without reading a row (that is why they hold a state that never varies: SQLite 3.40 would look it up
    /// otherwise); an open delivery is in exactly one of them. What is due at the same time goes by its sequence.
    /// `delivery_log` gives a webhook's log, and proves that no
    /// number of its sequence is given twice; `delivery_quiet` finds what was held or failed among millions that succeeded.
    package static let all = [
        Migration(
            "deliveries-1",
            """
            CREATE TABLE delivery (
                organization_id TEXT NOT NULL,
                id TEXT NOT NULL,
                webhook_id TEXT NOT NULL,
                event_id TEXT NOT NULL,
                event_type TEXT NOT NULL,
                sequence BIGINT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('pending', 'in_flight', 'succeeded', 'retrying', 'failed', 'held',
                    'filtered', 'cancelled')),
                triggered_by TEXT NOT NULL CHECK (triggered_by IN ('auto', 'manual', 'replay', 'test', 'probe')),
                attempts BIGINT NOT NULL,
                auto_attempts BIGINT NOT NULL,
                wake_at BIGINT,
                resume_at BIGINT,
                lease_token BIGINT NOT NULL,
                last_status_code BIGINT,
                last_error_class TEXT,
                created_at BIGINT NOT NULL,
                delivered_at BIGINT,
                PRIMARY KEY (organization_id, id),
                FOREIGN KEY (organization_id, webhook_id) REFERENCES webhook (organization_id, id),
                FOREIGN KEY (organization_id, event_id) REFERENCES event (organization_id, id),
                CHECK ((wake_at IS NOT NULL) = (state IN ('pending', 'in_flight', 'retrying')))
            ) \(.clusteredByPrimaryKey);
            CREATE UNIQUE INDEX delivery_once ON delivery (organization_id, event_id, webhook_id) WHERE triggered_by <> 'test';
            CREATE UNIQUE INDEX delivery_log ON delivery (organization_id, webhook_id, sequence);
            CREATE INDEX delivery_pending ON delivery (webhook_id, wake_at, sequence, state) WHERE state = 'pending';
            CREATE INDEX delivery_retrying ON delivery (webhook_id, wake_at, sequence, state) WHERE state = 'retrying';
            CREATE INDEX delivery_in_flight ON delivery (webhook_id, wake_at, sequence, state) WHERE state = 'in_flight';
            CREATE INDEX delivery_quiet ON delivery (organization_id, webhook_id, state, sequence)
                WHERE state IN ('held', 'failed', 'filtered', 'cancelled');
            CREATE TABLE attempt (
                organization_id TEXT NOT NULL,
                delivery_id TEXT NOT NULL,
                number BIGINT NOT NULL,
                triggered_by TEXT NOT NULL,
                started_at BIGINT NOT NULL,
                duration_ms BIGINT NOT NULL,
                status_code BIGINT,
                error_class TEXT,
                error TEXT,
                request TEXT NOT NULL,
                response TEXT,
                phases TEXT NOT NULL,
                PRIMARY KEY (organization_id, delivery_id, number),
                FOREIGN KEY (organization_id, delivery_id) REFERENCES delivery (organization_id, id)
            ) \(.clusteredByPrimaryKey);
            """)
    ]

    /// Order: the open deliveries of an entity, in their sequence. Webhooks without order pay nothing for the index.
    package static let order = Migration(
        "deliveries-2",
        """
        ALTER TABLE delivery ADD COLUMN entity TEXT;
        ALTER TABLE delivery ADD COLUMN order_break BIGINT;
        CREATE INDEX delivery_order ON delivery (webhook_id, entity, sequence)
            WHERE entity IS NOT NULL AND state IN ('pending', 'in_flight', 'retrying');
        """)

    /// The `Idempotency-Key` of the last resend: asking again with it sends nothing more.
    package static let resendKey = Migration("deliveries-3", "ALTER TABLE delivery ADD COLUMN resend_key TEXT;")
}
