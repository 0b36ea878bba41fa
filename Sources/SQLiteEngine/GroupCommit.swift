import Relational

/// One write, and the door to its caller.
struct WriteJob: Sendable {
    /// What became of the body. Its caller hears of it in ``deliver``, once the commit is on disk.
    struct Outcome {
        let error: (any Error)?
        let deliver: () -> Void
    }

    let run: @Sendable (SQLiteConnection) -> Outcome
    let fail: @Sendable (any Error) -> Void

    init<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value,
        _ continuation: CheckedContinuation<Value, any Error>
    ) {
        run = { connection in
            do {
                let value = try body(connection)
                return Outcome(error: nil) { continuation.resume(returning: value) }
            } catch {
                return Outcome(error: error) { continuation.resume(throwing: error) }
            }
        }
        fail = { continuation.resume(throwing: $0) }
    }
}

/// Runs jobs in one transaction with one fsync, each isolated from the failure of the others.
struct GroupCommit {
    /// The most jobs in a transaction: bounds how long the first of them waits for the last.
    static let limit = 256

    let connection: SQLiteConnection
    let counters: WriteCounters

    /// Returns when every job's caller has its answer.
    func run(_ jobs: [WriteJob]) {
        do {
            // IMMEDIATE: the lock is taken here, where waiting for another process is safe to time out.
            try connection.run("BEGIN IMMEDIATE")
            var outcomes: [WriteJob.Outcome] = []
            outcomes.reserveCapacity(jobs.count)
            for job in jobs { outcomes.append(try isolate(job)) }
            try connection.run("COMMIT")
            counters.committed(jobs.count)
            for outcome in outcomes { outcome.deliver() }
        } catch {
            connection.rollBack()
            counters.failed()
            for job in jobs { job.fail(error) }
        }
    }

    /// Runs a job in a savepoint (2 us; around a lone job, no measurable difference, so there is one path only).
    /// - Throws: when the whole transaction is lost.
    private func isolate(_ job: WriteJob) throws -> WriteJob.Outcome {
        try connection.run("SAVEPOINT job")
        var outcome = job.run(connection)
        guard connection.isInTransaction else {
            // A full or failing disk made SQLite roll back everything, the neighbours' work included.
            throw outcome.error as? RelationalError ?? .storage("the transaction has been rolled back")
        }
        // A reference that only the commit would check must fail here, where it fails one job and not the group.
        if outcome.error == nil, connection.hasUnresolvedReferences {
            outcome = WriteJob.Outcome(error: RelationalError.foreignKey) { job.fail(RelationalError.foreignKey) }
        }
        if outcome.error != nil { try connection.run("ROLLBACK TO job") }
        try connection.run("RELEASE job")
        return outcome
    }
}
