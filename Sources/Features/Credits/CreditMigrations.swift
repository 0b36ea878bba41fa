import Relational

enum CreditMigrations {
    /// The batches' columns are the balances of their accounts; the entries are how they came about. What the checks hold: no
    /// credit is spent that is not there, and none is lost.
    static let first = Migration(
        "credits-1",
        """
        ALTER TABLE organization ADD COLUMN billing_anchor_at BIGINT;
        CREATE TABLE credit_account (
            organization_id TEXT PRIMARY KEY NOT NULL REFERENCES organization (id),
            last_entry BIGINT NOT NULL
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE credit_batch (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            id TEXT NOT NULL,
            source TEXT NOT NULL CHECK (source IN ('PLAN', 'PURCHASE', 'GRANT')),
            amount BIGINT CHECK (amount > 0),
            available BIGINT CHECK (available >= 0),
            held BIGINT NOT NULL CHECK (held >= 0),
            spent BIGINT NOT NULL CHECK (spent >= 0),
            expired BIGINT NOT NULL CHECK (expired >= 0),
            period_start BIGINT,
            note TEXT,
            granted_at BIGINT NOT NULL,
            expires_at BIGINT,
            PRIMARY KEY (organization_id, id),
            CHECK (amount IS NULL OR amount = available + held + spent + expired)
        ) \(.clusteredByPrimaryKey);
        CREATE UNIQUE INDEX credit_batch_period ON credit_batch (organization_id, period_start) WHERE source = 'PLAN';
        CREATE INDEX credit_batch_open ON credit_batch (organization_id, expires_at) WHERE amount IS NULL OR available > 0;
        CREATE TABLE credit_reservation (
            organization_id TEXT NOT NULL REFERENCES organization (id),
            subject_kind TEXT NOT NULL,
            subject_id TEXT NOT NULL,
            action TEXT NOT NULL,
            amount BIGINT NOT NULL CHECK (amount >= 0),
            charged BIGINT CHECK (charged >= 0 AND charged <= amount),
            state TEXT NOT NULL CHECK (state IN ('RESERVED', 'SETTLED', 'RELEASED')),
            user_id TEXT,
            created_at BIGINT NOT NULL,
            updated_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, subject_kind, subject_id)
        ) \(.clusteredByPrimaryKey);
        CREATE TABLE credit_entry (
            organization_id TEXT NOT NULL,
            number BIGINT NOT NULL,
            batch_id TEXT NOT NULL,
            movement TEXT NOT NULL CHECK (movement IN ('GRANT', 'RESERVE', 'SETTLE', 'RELEASE', 'EXPIRE')),
            debit TEXT NOT NULL,
            credit TEXT NOT NULL CHECK (credit <> debit),
            amount BIGINT NOT NULL CHECK (amount > 0),
            action TEXT,
            subject_kind TEXT,
            subject_id TEXT,
            created_at BIGINT NOT NULL,
            PRIMARY KEY (organization_id, number),
            FOREIGN KEY (organization_id, batch_id) REFERENCES credit_batch (organization_id, id)
        ) \(.clusteredByPrimaryKey);
        CREATE INDEX credit_entry_subject ON credit_entry (organization_id, subject_kind, subject_id);
        """)
}
