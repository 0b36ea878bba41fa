import Contract
package import Core
package import Relational

/// Credits: batches with an end, a double-entry ledger, and reservations that are settled or released.
///
/// Whoever lets something cost credits reserves them on the transaction that begins it, and settles or releases them on the
/// one that ends it; both may be repeated and then change nothing. What the plan brings comes by itself when an organization's
/// credits are first looked at in a new month, and what has ended is written off then: no clock has to run for it.
package struct CreditStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    // MARK: Using

    /// Sets aside what `count` times `action` costs, soonest-ending credits first, on the caller's transaction.
    /// - Parameters:
    ///   - subject: what it is for. One that has a reservation already gets that one, whatever became of it.
    ///   - user: who asked for it.
    /// - Throws: ``APIError`` `insufficient_credits` naming need and balance; nothing is set aside then.
    @discardableResult
    package func reserve(
        _ action: CreditAction, count: Int = 1, for subject: CreditSubject, in organization: OrganizationID, by user: UserID?,
        on connection: any RelationalConnection
    ) throws -> CreditReservation {
        let terms = try terms(of: organization, on: connection)
        if let known = try find(subject, in: organization, on: connection) { return known }
        try refresh(organization, terms, on: connection)
        let (amount, isTooMuch) = action.credits.multipliedReportingOverflow(by: Int64(max(count, 0)))
        let now = ambient.now()
        let batches = try connection.query(CreditQueries.open(at: now, in: organization), CreditQueries.decodeBatch)
        let balance = batches.reduce(Int64(0)) { $0 &+ ($1.available ?? 0) }
        guard !isTooMuch, batches.contains(where: { $0.amount == nil }) || amount <= balance else {
            throw Self.insufficient(need: isTooMuch ? .max : amount, balance: balance, terms, at: now)
        }
        let reservation = CreditReservation(subject: subject, action: action, amount: amount, charged: nil, state: .reserved)
        try connection.execute(CreditQueries.insert(reservation, by: user, at: now, in: organization))
        var rest = amount
        for batch in batches where rest > 0 {
            let part = min(rest, batch.available ?? rest)
            try move(part, .reserve, of: batch.id, action, subject, in: organization, on: connection)
            rest -= part
        }
        return reservation
    }

    /// Charges a reservation, on the transaction that completes what it is for.
    /// - Parameter amount: less than was set aside, when less was done; the rest is given back. Nil: all of it.
    /// - Returns: the reservation as it is now; one that is settled already stays as it was.
    /// - Throws: ``APIError`` `conflict` when it was released, `not_found` when there is none.
    @discardableResult
    package func settle(
        _ subject: CreditSubject, amount: Int64? = nil, in organization: OrganizationID,
        on connection: any RelationalConnection
    ) throws -> CreditReservation {
        try close(subject, in: organization, on: connection) { reservation in
            guard reservation.state != .released else {
                throw APIError(.conflict, "The credits of this \(subject.kind) were given back already.")
            }
            return min(max(amount ?? reservation.amount, 0), reservation.amount)
        }
    }

    /// Gives a reservation back, on the transaction that records that it came to nothing. What was settled stays settled.
    @discardableResult
    package func release(
        _ subject: CreditSubject, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> CreditReservation {
        try close(subject, in: organization, on: connection) { _ in 0 }
    }

    private func close(
        _ subject: CreditSubject, in organization: OrganizationID, on connection: any RelationalConnection,
        charge: (CreditReservation) throws -> Int64
    ) throws -> CreditReservation {
        _ = try connection.first(CreditQueries.count(by: 0, in: organization)) { $0.int(0) }
        guard var reservation = try find(subject, in: organization, on: connection) else {
            throw APIError.notFound("reservation of credits")
        }
        let charged = try charge(reservation)
        guard reservation.state == .reserved else { return reservation }
        var rest = charged
        let action = reservation.action
        for part in try connection.query(CreditQueries.reserved(for: subject, in: organization), CreditQueries.decodeEntry) {
            let taken = min(rest, part.amount)
            try move(taken, .settle, of: part.batchID, action, subject, in: organization, on: connection)
            try move(part.amount - taken, .release, of: part.batchID, action, subject, in: organization, on: connection)
            rest -= taken
        }
        reservation.charged = charged
        reservation.state = charged == 0 && reservation.amount > 0 ? .released : .settled
        try connection.execute(CreditQueries.close(reservation, at: ambient.now(), in: organization))
        return reservation
    }

    package func find(
        _ subject: CreditSubject, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> CreditReservation? {
        try connection.first(CreditQueries.reservation(subject, in: organization)) { row in
            CreditReservation(
                subject: subject, action: try row.value(0), amount: row.int(1), charged: row.optionalInt(2),
                state: try row.value(3))
        }
    }

    // MARK: Giving

    /// Adds credits that were bought or given, on the caller's transaction.
    /// - Parameter expiresAt: when what is left of them ends; nil: never.
    package func grant(
        _ amount: Int64, as source: CreditBatch.Source, expiresAt: Instant?, note: String?, to organization: OrganizationID,
        on connection: any RelationalConnection
    ) throws -> CreditBatch {
        let terms = try terms(of: organization, on: connection)
        try refresh(organization, terms, on: connection)
        let now = ambient.now()
        guard (1...1_000_000_000).contains(amount) else { throw APIError.invalid("amount", "must be 1 to 1000000000") }
        guard expiresAt.map({ $0 > now }) ?? true else { throw APIError.invalid("expiresAt", "must be in the future") }
        return try add(amount, source, until: expiresAt, note: note, period: nil, to: organization, on: connection)
    }

    // MARK: Reading

    /// The balance as it is now, renewed if a month has begun.
    package func balance(of organization: OrganizationID) async throws -> CreditBalance {
        let now = ambient.now()
        let isDue = try await engine.read { connection in
            let terms = try terms(of: organization, on: connection)
            let period = now.month(from: terms.anchor)
            return try connection.exists(CreditQueries.overdue(at: now, in: organization))
                || (terms.monthly != 0
                    && !connection.exists(CreditQueries.hasPlanBatch(from: period.lowerBound, in: organization)))
        }
        if isDue {
            try await engine.write { connection in
                try refresh(organization, try terms(of: organization, on: connection), on: connection)
            }
        }
        return try await engine.read { connection in
            let terms = try terms(of: organization, on: connection)
            return CreditBalance(
                plan: terms.plan, monthly: terms.monthly, period: now.month(from: terms.anchor),
                batches: try connection.query(CreditQueries.shown(at: now, in: organization), CreditQueries.decodeBatch),
                entries: try connection.query(CreditQueries.newest(in: organization, limit: 20), CreditQueries.decodeEntry))
        }
    }

    /// Every movement, newest first.
    package func entries(of organization: OrganizationID, page: PageRequest) async throws -> Page<CreditEntry> {
        try await engine.read { connection in
            var condition: Query = "organization_id = \(organization)"
            // Numbers, not ids: a cursor is the last number seen.
            if let place = page.after.flatMap({ Int64($0.key) }) { condition += " AND number < \(place)" }
            if let place = page.before.flatMap({ Int64($0.key) }) { condition += " AND number > \(place)" }
            let order: Query = page.before == nil ? "DESC" : "ASC"
            let rows = try connection.query(
                """
                SELECT \(CreditQueries.entryColumns) FROM credit_entry WHERE \(condition)
                ORDER BY number \(order) LIMIT \(page.limit + 1)
                """, CreditQueries.decodeEntry)
            return page.page(rows) { Cursor(key: String($0.number)) }
        }
    }

    // MARK: The ledger

    private struct Terms {
        var anchor: Instant
        var plan: Plan
        var monthly: Int64?
    }

    private func terms(of organization: OrganizationID, on connection: any RelationalConnection) throws -> Terms {
        let terms = try connection.first(CreditQueries.terms(of: organization)) { row in
            Terms(anchor: row.instant(0), plan: try row.value(1), monthly: row.optionalInt(2))
        }
        guard let terms else { throw APIError.notFound("organization") }
        return terms
    }

    /// Writes off what has ended and adds the plan's credits of this month, once.
    private func refresh(_ organization: OrganizationID, _ terms: Terms, on connection: any RelationalConnection) throws {
        _ = try connection.first(CreditQueries.count(by: 0, in: organization)) { $0.int(0) }
        let now = ambient.now()
        for batch in try connection.query(CreditQueries.overdue(at: now, in: organization), CreditQueries.decodeBatch) {
            try move(batch.available ?? 0, .expire, of: batch.id, nil, nil, in: organization, on: connection)
        }
        let period = now.month(from: terms.anchor)
        guard terms.monthly != 0,
            try !connection.exists(CreditQueries.hasPlanBatch(from: period.lowerBound, in: organization))
        else { return }
        _ = try add(
            terms.monthly, .plan, until: period.upperBound, note: nil, period: period.lowerBound, to: organization,
            on: connection)
    }

    private func add(
        _ amount: Int64?, _ source: CreditBatch.Source, until end: Instant?, note: String?, period: Instant?,
        to organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> CreditBatch {
        var batch = CreditBatch(
            id: ambient.newID(), source: source, amount: amount, available: amount, held: 0, spent: 0, expired: 0, note: note,
            grantedAt: ambient.now(), expiresAt: end)
        try connection.execute(CreditQueries.insert(batch, period: period, in: organization))
        if let amount { try record(amount, .grant, of: batch.id, nil, nil, in: organization, on: connection) }
        batch.available = amount
        return batch
    }

    private func move(
        _ amount: Int64, _ movement: CreditEntry.Movement, of batch: CreditBatchID, _ action: CreditAction?,
        _ subject: CreditSubject?, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws {
        guard amount > 0 else { return }
        let (from, to) = movement.accounts
        func change(_ account: CreditEntry.Account) -> Int64 { account == from ? -amount : account == to ? amount : 0 }
        try connection.execute(
            CreditQueries.change(
                batch, available: change(.available), held: change(.held), spent: change(.spent), expired: change(.expired),
                in: organization))
        try record(amount, movement, of: batch, action, subject, in: organization, on: connection)
    }

    private func record(
        _ amount: Int64, _ movement: CreditEntry.Movement, of batch: CreditBatchID, _ action: CreditAction?,
        _ subject: CreditSubject?, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws {
        let number = try connection.first(CreditQueries.count(by: 1, in: organization)) { $0.int(0) } ?? 0
        try connection.execute(
            CreditQueries.insert(
                CreditEntry(
                    number: number, batchID: batch, movement: movement, amount: amount, action: action, subject: subject,
                    createdAt: ambient.now()), in: organization))
    }

    private static func insufficient(need: Int64, balance: Int64, _ terms: Terms, at now: Instant) -> APIError {
        let renewal = now.month(from: terms.anchor).upperBound
        let monthly = terms.monthly ?? 0
        return APIError(
            .insufficientCredits,
            "This needs \(need) credits; \(balance) are left. The plan's next \(monthly) come at \(renewal).",
            details: [FieldIssue("", "needs \(need) credits, the balance is \(balance)")])
    }
}
