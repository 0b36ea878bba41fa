import Contract
package import Core
package import Relational

/// Watches the numbers of posts and accounts: what is due, what was read, and the events of it. A snapshot and its events
/// are one transaction.
package struct InsightStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    package let outbox: Outbox
    let accounts: AccountStore
    /// Ends the pause of whoever reads numbers when something is due earlier than it knows.
    package let wake = WakeSignal()

    package init(engine: any RelationalEngine, ambient: Ambient, outbox: Outbox, accounts: AccountStore) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
        self.accounts = accounts
    }

    /// What a platform just said of a publication, and who had asked for it.
    package struct PostReading: Sendable {
        let organizationID: OrganizationID
        let publicationID: PublicationID
        var requestedAt: Instant?
        var requestedBy: UserID?
        let metrics: Metrics

        init(watch: PostWatch, metrics: Metrics) {
            self.init(organization: watch.organizationID, publication: watch.publicationID, metrics: metrics)
            requestedAt = watch.requestedAt
            requestedBy = watch.requestedBy
        }

        /// A reading that nobody asked for.
        package init(organization: OrganizationID, publication: PublicationID, metrics: Metrics) {
            organizationID = organization
            publicationID = publication
            self.metrics = metrics
        }
    }

    /// Writes down what a platform said of a task, with its events.
    package func record(_ reading: InsightReading, of task: InsightTask) async throws {
        switch (reading, task) {
        case (.post(let metrics), .post(let watch)): try await record([PostReading(watch: watch, metrics: metrics)])
        case (.account(let counts), .account(let watch)): try await record(counts, of: watch)
        case (.failed(let failure), _): try await recordFailure(failure, of: task)
        case (.post, .account), (.account, .post):
            try await recordFailure(InsightFailure(.never, "The numbers are of something else."), of: task)
        }
    }

    // MARK: Posts

    /// Adds a snapshot for each reading and plans the next. `analytics.updated` is told when a metric changed: at once when
    /// somebody asked for the reading, otherwise at most every 15 minutes for one post on one platform; what is not told is
    /// told with a later reading.
    package func record(_ readings: [PostReading]) async throws {
        guard !readings.isEmpty else { return }
        let told = try await engine.write { connection in
            var told = false
            for (organization, group) in Dictionary(grouping: readings, by: \.organizationID) {
                let clock = try connection.first(
                    InsightQueries.advanceClock(of: organization, by: group.count, at: ambient.now())
                ) { (last: $0.int(0), at: $0.instant(1)) }
                guard let clock else { continue }
                for (index, reading) in group.enumerated() {
                    let sequence = clock.last - Int64(group.count - 1 - index)
                    if try record(reading, sequence: sequence, at: clock.at, on: connection) { told = true }
                }
            }
            return told
        }
        if told { outbox.wake.signal() }
    }

    /// - Returns: whether it was told.
    private func record(
        _ reading: PostReading, sequence: Int64, at now: Instant, on connection: any RelationalConnection
    ) throws -> Bool {
        let present = try connection.first(
            InsightQueries.post(reading.publicationID, in: reading.organizationID), InsightQueries.decodePost)
        guard var watch = present else { return false }
        let changed = reading.metrics.changed(since: watch.metrics).map(\.rawValue)
        try connection.execute(
            InsightQueries.insert(
                PostSnapshot(
                    organizationID: watch.organizationID, sequence: sequence, capturedAt: now,
                    publicationID: watch.publicationID, postID: watch.postID, accountID: watch.accountID,
                    metrics: reading.metrics, gained: reading.metrics.gained(since: watch.metrics))))
        watch.metrics = reading.metrics.filled(from: watch.metrics)
        watch.untold += changed.filter { !watch.untold.contains($0) }
        watch.capturedAt = now
        watch.failures = 0
        watch.lastError = nil
        let pauseIsOver = watch.toldAt.map { now - $0 >= PollPlan.tellingPause } ?? true
        let isTold = !watch.untold.isEmpty && (reading.requestedAt != nil || pauseIsOver)
        if isTold {
            try outbox.append(
                AnalyticsUpdated(watch, asOf: now), for: watch.organizationID, brand: watch.brandID, user: reading.requestedBy,
                on: connection)
            watch.untold = []
            watch.toldAt = now
        }
        try answer(
            watch.publicationID.rawValue, in: watch.organizationID, askedBy: reading.requestedAt, isFailed: false,
            on: connection)
        plan(&watch, after: reading, at: now)
        try connection.execute(InsightQueries.update(watch))
        return isTold
    }

    /// The plan goes on, unless there was a request while the reading was under way: that has its own, due or begun.
    private func plan(_ watch: inout PostWatch, after reading: PostReading, at now: Instant) {
        guard watch.requestedAt == nil || watch.requestedAt == reading.requestedAt else { return }
        watch.requestedAt = nil
        watch.requestedBy = nil
        let next = PollPlan.next(publishedAt: watch.publishedAt, after: now)
        watch.dueAt = next.map { max($0, now + PollPlan.tellingPause) }
    }

    // MARK: Failures

    /// A platform gave no numbers: it is asked again, and not told to anybody.
    package func recordFailure(_ failure: InsightFailure, of task: InsightTask) async throws {
        let signals = try await engine.write { connection in
            switch task {
            case .post(let claimed):
                let present = try connection.first(
                    InsightQueries.post(claimed.publicationID, in: claimed.organizationID), InsightQueries.decodePost)
                guard var watch = present else { return false }
                watch.failures += 1
                watch.lastError = failure.message
                if watch.requestedAt == claimed.requestedAt {
                    watch.requestedAt = nil
                    watch.requestedBy = nil
                    let planned = PollPlan.next(publishedAt: watch.publishedAt, after: ambient.now())
                    watch.dueAt = retry(after: failure, failures: watch.failures, otherwise: planned, isAccount: false)
                }
                try connection.execute(InsightQueries.update(watch))
                try answer(
                    claimed.publicationID.rawValue, in: claimed.organizationID, askedBy: claimed.requestedAt, isFailed: true,
                    on: connection)
            case .account(let claimed):
                let present = try connection.first(
                    InsightQueries.account(claimed.accountID, in: claimed.organizationID), InsightQueries.decodeAccount)
                guard var watch = present else { return false }
                watch.failures += 1
                if watch.requestedAt == claimed.requestedAt {
                    watch.requestedAt = nil
                    watch.requestedBy = nil
                    watch.dueAt = retry(
                        after: failure, failures: watch.failures, otherwise: ambient.now() + PollPlan.accountPause,
                        isAccount: true)
                }
                try connection.execute(InsightQueries.update(watch, error: failure.message))
                try answer(
                    claimed.accountID.rawValue, in: claimed.organizationID, askedBy: claimed.requestedAt, isFailed: true,
                    on: connection)
            }
            if let wait = failure.retryAfter { try silence(task, for: wait, on: connection) }
            guard failure.kind == .token else { return false }
            try accounts.markNeedsReconnect(
                task.accountID, in: task.organizationID,
                because: AccountProblem(code: "token_rejected", message: failure.message),
                refusing: failure.generation, on: connection)
            return true
        }
        if signals { outbox.wake.signal() }
    }

    /// When it is tried again; nil when the plan is over and nothing more can be hoped for: a platform that is gone for
    /// good, or an account that was disconnected, is no work for ever.
    /// - Parameters:
    ///   - planned: when it would have been read again anyway.
    ///   - isAccount: an account is looked at all the same, so that it goes on by itself once it is ACTIVE again.
    private func retry(
        after failure: InsightFailure, failures: Int, otherwise planned: Instant?, isAccount: Bool
    ) -> Instant? {
        let now = ambient.now()
        switch failure.kind {
        case .never: return planned
        // Nothing is sent until the account is ACTIVE again.
        case .token, .paused:
            let pause = now + .seconds(3600)
            return isAccount ? pause : planned.map { max($0, pause) }
        case .later:
            let asked = now + (failure.retryAfter ?? .zero)
            guard let pause = PollPlan.retries.delay(afterAttempt: failures, unit: ambient.unitInterval()) else {
                return planned.map { max($0, asked) }
            }
            return max(now + pause, asked)
        }
    }

    /// The platform asked for silence: nothing of this account is read until then.
    private func silence(_ task: InsightTask, for wait: Duration, on connection: any RelationalConnection) throws {
        let now = ambient.now()
        var usage =
            try usage(of: task.accountID, in: task.organizationID, on: connection)
            ?? RequestBudget.Usage(windowStart: now, used: 0, blockedUntil: nil)
        usage.blockedUntil = now + wait
        try connection.execute(InsightQueries.save(usage, of: task.accountID, in: task.organizationID))
    }

    func usage(
        of account: SocialAccountID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> RequestBudget.Usage? {
        try connection.first(InsightQueries.usage(of: account, in: organization)) { row in
            RequestBudget.Usage(
                windowStart: row.instant(0), used: row.int(1), blockedUntil: row.optionalInstant(2))
        }
    }
}
