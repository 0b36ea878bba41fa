import Contract
import Core
import Relational

/// The SQL of credits.
enum CreditQueries {
    static let batchColumns: Query = "id, source, amount, available, held, spent, expired, note, granted_at, expires_at"

    static func decodeBatch(_ row: any ResultRow) throws -> CreditBatch {
        CreditBatch(
            id: row.id(0), source: try row.value(1), amount: row.optionalInt(2), available: row.optionalInt(3),
            held: row.int(4), spent: row.int(5), expired: row.int(6), note: row.optionalText(7), grantedAt: row.instant(8),
            expiresAt: row.optionalInstant(9))
    }

    /// What can be spent, in the order in which it is. More batches than this nobody has open at once.
    static func open(at now: Instant, in organization: OrganizationID) -> Query {
        """
        SELECT \(batchColumns) FROM credit_batch
        WHERE organization_id = \(organization) AND (amount IS NULL OR available > 0)
          AND (expires_at IS NULL OR expires_at > \(now))
        ORDER BY expires_at IS NULL, expires_at, id LIMIT 1000
        """
    }

    /// What can be spent, and what work under way holds.
    static func shown(at now: Instant, in organization: OrganizationID) -> Query {
        """
        SELECT \(batchColumns) FROM credit_batch
        WHERE organization_id = \(organization)
          AND (held > 0 OR ((amount IS NULL OR available > 0) AND (expires_at IS NULL OR expires_at > \(now))))
        ORDER BY expires_at IS NULL, expires_at, id LIMIT 1000
        """
    }

    static func overdue(at now: Instant, in organization: OrganizationID) -> Query {
        """
        SELECT \(batchColumns) FROM credit_batch
        WHERE organization_id = \(organization) AND available > 0 AND expires_at <= \(now) ORDER BY expires_at, id LIMIT 1000
        """
    }

    static func hasPlanBatch(from start: Instant, in organization: OrganizationID) -> Query {
        """
        SELECT 1 FROM credit_batch WHERE organization_id = \(organization) AND period_start = \(start) AND source = 'PLAN'
        """
    }

    static func terms(of organization: OrganizationID) -> Query {
        """
        SELECT coalesce(o.billing_anchor_at, o.created_at), o.plan, p.credits_per_month
        FROM organization o JOIN plan p ON p.id = o.plan WHERE o.id = \(organization)
        """
    }

    static func insert(_ batch: CreditBatch, period: Instant?, in organization: OrganizationID) -> Query {
        """
        INSERT INTO credit_batch (organization_id, \(batchColumns), period_start)
        VALUES (\(organization), \(batch.id), \(batch.source), \(batch.amount), \(batch.available), \(batch.held),
                \(batch.spent), \(batch.expired), \(batch.note), \(batch.grantedAt), \(batch.expiresAt), \(period))
        """
    }

    /// Counts `by` further entries; the row also keeps two transactions of one organization apart.
    static func count(by step: Int64, in organization: OrganizationID) -> Query {
        """
        INSERT INTO credit_account (organization_id, last_entry) VALUES (\(organization), \(step))
        ON CONFLICT (organization_id) DO UPDATE SET last_entry = credit_account.last_entry + excluded.last_entry
        RETURNING last_entry
        """
    }

    static func change(
        _ batch: CreditBatchID, available: Int64, held: Int64, spent: Int64, expired: Int64, in organization: OrganizationID
    ) -> Query {
        """
        UPDATE credit_batch SET available = available + \(available), held = held + \(held), spent = spent + \(spent),
            expired = expired + \(expired)
        WHERE organization_id = \(organization) AND id = \(batch)
        """
    }

    static let entryColumns: Query = "number, batch_id, movement, amount, action, subject_kind, subject_id, created_at"

    static func decodeEntry(_ row: any ResultRow) throws -> CreditEntry {
        let kind = row.optionalText(5)
        return CreditEntry(
            number: row.int(0), batchID: row.id(1), movement: try row.value(2), amount: row.int(3),
            action: row.isNull(4) ? nil : try row.value(4, CreditAction.self),
            subject: kind.map { CreditSubject($0, row.text(6)) }, createdAt: row.instant(7))
    }

    static func insert(_ entry: CreditEntry, in organization: OrganizationID) -> Query {
        """
        INSERT INTO credit_entry (organization_id, \(entryColumns), debit, credit)
        VALUES (\(organization), \(entry.number), \(entry.batchID), \(entry.movement), \(entry.amount), \(entry.action),
                \(entry.subject?.kind), \(entry.subject?.id), \(entry.createdAt), \(entry.movement.accounts.from),
                \(entry.movement.accounts.to))
        """
    }

    static func newest(in organization: OrganizationID, limit: Int) -> Query {
        "SELECT \(entryColumns) FROM credit_entry WHERE organization_id = \(organization) ORDER BY number DESC LIMIT \(limit)"
    }

    static func reserved(for subject: CreditSubject, in organization: OrganizationID) -> Query {
        """
        SELECT \(entryColumns) FROM credit_entry
        WHERE organization_id = \(organization) AND subject_kind = \(subject.kind) AND subject_id = \(subject.id)
          AND movement = 'RESERVE' ORDER BY number
        """
    }

    static func reservation(_ subject: CreditSubject, in organization: OrganizationID) -> Query {
        """
        SELECT action, amount, charged, state FROM credit_reservation
        WHERE organization_id = \(organization) AND subject_kind = \(subject.kind) AND subject_id = \(subject.id)
        """
    }

    static func insert(
        _ reservation: CreditReservation, by user: UserID?, at now: Instant, in organization: OrganizationID
    ) -> Query {
        """
        INSERT INTO credit_reservation
            (organization_id, subject_kind, subject_id, action, amount, charged, state, user_id, created_at, updated_at)
        VALUES (\(organization), \(reservation.subject.kind), \(reservation.subject.id), \(reservation.action),
                \(reservation.amount), NULL, \(reservation.state), \(user), \(now), \(now))
        """
    }

    static func close(_ reservation: CreditReservation, at now: Instant, in organization: OrganizationID) -> Query {
        """
        UPDATE credit_reservation SET state = \(reservation.state), charged = \(reservation.charged), updated_at = \(now)
        WHERE organization_id = \(organization) AND subject_kind = \(reservation.subject.kind)
          AND subject_id = \(reservation.subject.id) AND state = 'RESERVED'
        """
    }
}
