package import Core
import Relational

extension InsightStore {
    /// So many readings of one real account are under way at once, so that a platform that is slow for one account does not
    /// take the places of the others. Simulators answer at once.
    static let readingsPerAccount = 2

    /// Takes up to `limit` tasks that are due, each held for `lease`: a worker that dies gives them back by that.
    /// - Parameter busy: how many readings of which account are under way in this process.
    package func claim(
        limit: Int, lease: Duration, reader: any InsightReader, busy: [SocialAccountID: Int]
    ) async throws -> [InsightTask] {
        // Asking first keeps the writer free while nothing is due.
        guard limit > 0, let next = try await nextDue(), next <= ambient.now() else { return [] }
        return try await engine.write { connection in
            let now = ambient.now()
            var tasks = try connection.query(InsightQueries.dueAccounts(at: now, limit: limit)) {
                InsightTask.account(try InsightQueries.decodeAccount($0))
            }
            if tasks.count < limit {
                tasks += try connection.query(InsightQueries.duePosts(at: now, limit: limit - tasks.count)) {
                    InsightTask.post(try InsightQueries.decodePost($0))
                }
            }
            var busy = busy
            var waiting: [SocialAccountID: Int] = [:]
            var claimed: [InsightTask] = []
            for task in tasks {
                var wait: Instant?
                if !task.isSandbox, busy[task.accountID, default: 0] >= Self.readingsPerAccount {
                    wait = Self.place(waiting[task.accountID, default: 0], after: now)
                    waiting[task.accountID, default: 0] += 1
                } else {
                    wait = try hold(task, reader: reader, at: now, on: connection)
                    if wait == nil { busy[task.accountID, default: 0] += 1 }
                }
                try connection.execute(InsightQueries.postpone(task, until: wait ?? now + lease))
                if wait == nil { claimed.append(task) }
            }
            return claimed
        }
    }

    /// Where in the line of a busy account: as many come back each second as may be under way. All of a long line each second
    /// would be a write for each of it each second.
    private static func place(_ number: Int, after now: Instant) -> Instant {
        now + .seconds(Int64(1 + number / readingsPerAccount))
    }

    /// Takes the task's requests from its account's budget.
    /// - Returns: nil when the task may be worked on now; otherwise when it is looked at again.
    private func hold(
        _ task: InsightTask, reader: any InsightReader, at now: Instant, on connection: any RelationalConnection
    ) throws -> Instant? {
        guard let budget = reader.budget(of: task) else { return nil }
        let used = try usage(of: task.accountID, in: task.organizationID, on: connection)
        switch budget.take(reader.cost(of: task), of: used, at: now) {
        case .wait(let moment): return moment
        case .allowed(let usage):
            try connection.execute(InsightQueries.save(usage, of: task.accountID, in: task.organizationID))
            return nil
        }
    }

    /// When the next reading is due.
    package func nextDue() async throws -> Instant? {
        try await engine.readByKey { connection in
            try InsightQueries.nextDue.compactMap { query in
                try connection.first(query) { $0.optionalInstant(0) } ?? nil
            }.min()
        }
    }

    /// Longer than any reading takes. It is not renewed: a reading that is made twice is one more snapshot without a gain.
    package static let lease = Duration.seconds(90)
}
