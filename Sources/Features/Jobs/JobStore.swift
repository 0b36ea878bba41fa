package import Contract
package import Core
package import Relational

/// Jobs: asked for with their credits in one transaction, worked on under a lease with a fencing token, ended with their
/// result and their charge in one transaction. A worker that dies loses nothing but time: its lease runs out and the job is
/// begun again, under the same reservation.
package struct JobStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    package let credits: CreditStore
    let brands: BrandStore
    let outbox: Outbox
    /// Signalled whenever a job may have changed: for workers and for those who wait.
    package let changes = Broadcast()

    package init(
        engine: any RelationalEngine, ambient: Ambient, credits: CreditStore, brands: BrandStore, outbox: Outbox
    ) {
        self.engine = engine
        self.ambient = ambient
        self.credits = credits
        self.brands = brands
        self.outbox = outbox
    }

    /// Jobs of one organization that may be open at once.
    static let mostOpen: Int64 = 100
    /// How often a job is begun before it is given up.
    package static let mostAttempts = 3
    /// How long an ended job can be looked at.
    static let memory = Duration.seconds(30 * 86_400)

    /// The claim is gone: the job was cancelled, or another worker has it.
    package struct LostClaim: Error {}

    // MARK: Asking

    /// Queues a job and reserves what it costs, on the caller's transaction. Signal ``changes`` after it.
    /// - Parameters:
    ///   - input: what its worker reads; its ids are already made, so that a second attempt replaces the first.
    ///   - id: for callers that may ask twice: a job with it that is there already is answered, and costs nothing more.
    /// - Throws: ``APIError`` 400 for a brand that is not there, `insufficient_credits`, 429 when too many are open.
    package func create(
        _ kind: Job.Kind, for brand: BrandID, input: JSONValue, costing action: CreditAction, count: Int = 1,
        as id: JobID? = nil, for caller: Caller, on connection: any RelationalConnection
    ) throws -> Job {
        guard caller.maySee(brand), try brands.find(brand, in: caller.organizationID, on: connection) != nil else {
            throw APIError.invalid("brandId", "names no brand of this organization")
        }
        if let id, let known = try connection.first(JobQueries.find(id, in: caller.organizationID), JobQueries.decode) {
            return known
        }
        let open = try connection.first(JobQueries.countOpen(in: caller.organizationID)) { $0.int(0) } ?? 0
        guard open < Self.mostOpen else {
            throw APIError(
                .rateLimited, "\(open) jobs of the organization are open, as many as may be; wait until some have ended.",
                headers: [("Retry-After", "30")])
        }
        let now = ambient.now()
        var job = Job(
            id: id ?? ambient.newID(), organizationID: caller.organizationID, brandID: brand, kind: kind, userID: caller.userID,
            keyID: caller.keyID, status: .queued, progress: 0, step: nil, input: input.text, result: nil, error: nil,
            provider: nil, creditsReserved: 0, creditsCharged: nil, wakeAt: now, attempts: 0, fencingToken: 0, createdAt: now,
            startedAt: nil, finishedAt: nil, updatedAt: now, version: 1)
        job.creditsReserved = try credits.reserve(
            action, count: count, for: job.creditSubject, in: job.organizationID, by: job.userID, on: connection
        ).amount
        try connection.execute(JobQueries.insert(job))
        return job
    }

    // MARK: Looking

    package func get(_ id: JobID, for caller: Caller) async throws -> Job {
        try await engine.readByKey { try get(id, for: caller, on: $0) }
    }

    private func get(_ id: JobID, for caller: Caller, on connection: any RelationalConnection) throws -> Job {
        let found = try connection.first(JobQueries.find(id, in: caller.organizationID), JobQueries.decode)
        guard let found, caller.maySee(found.brandID) else { throw APIError.notFound("job") }
        return found
    }

    package func list(_ filter: JobFilter, for caller: Caller, page: PageRequest) async throws -> Page<Job> {
        try await engine.read { connection in
            page.page(try connection.query(JobQueries.list(filter, for: caller, page), JobQueries.decode)) { Cursor($0.id) }
        }
    }

    /// The job once it has ended, or as it is after `limit`. A rehearsed job is not there to be waited for.
    package func ended(_ job: Job, within limit: Duration, for caller: Caller) async throws -> Job {
        guard limit > .zero, RequestScope.current?.isDryRun != true else { return job }
        let end = ContinuousClock.now + limit
        while true {
            let present = try await get(job.id, for: caller)
            let left = end - .now
            if present.status.hasEnded || left <= .zero || Task.isCancelled { return present }
            // Other processes end jobs without a signal.
            await changes.wait(atMost: min(left, .milliseconds(250)))
        }
    }

    /// Ends a job and gives its credits back; its worker stops within a second. One that has ended stays as it is.
    package func cancel(_ id: JobID, for caller: Caller) async throws -> Job {
        let job = try await engine.write { connection in
            let job = try get(id, for: caller, on: connection)
            try caller.checkVersion(job.version)
            guard !job.status.hasEnded else {
                guard job.status == .cancelled else {
                    throw APIError(.conflict, "The job is \(job.status.rawValue); only what has not ended can be cancelled.")
                }
                return job
            }
            try connection.execute(JobQueries.cancel(job, now: ambient.now()))
            try credits.release(job.creditSubject, in: job.organizationID, on: connection)
            return try get(id, for: caller, on: connection)
        }
        changes.signal()
        return job
    }

    // MARK: Working

    /// When the next job is due; nil when none is open.
    package func nextWake() async throws -> Instant? {
        try await engine.readByKey { try $0.first(JobQueries.nextWake) { $0.optionalInstant(0) } ?? nil }
    }

    /// Takes a job that is due, or whose worker's lease has run out. One that was begun too often fails instead.
    package func claim(lease: Duration) async throws -> Job? {
        let now = ambient.now()
        let claimed = try await engine.write { connection -> (job: Job, isGivenUp: Bool)? in
            guard let job = try connection.first(JobQueries.claim(now: now, leaseUntil: now + lease), JobQueries.decode) else {
                return nil
            }
            guard job.attempts > Self.mostAttempts else { return (job, false) }
            let failure = JobFailure(
                "interrupted", "The server was stopped \(Self.mostAttempts) times while it worked on this. Ask for it again.")
            try fail(job, failure, on: connection)
            return (job, true)
        }
        guard let claimed else { return nil }
        changes.signal()
        return claimed.isGivenUp ? nil : claimed.job
    }

    /// Prolongs the claim.
    /// - Throws: ``LostClaim``.
    package func renew(_ job: Job, lease: Duration) async throws {
        let until = ambient.now() + lease
        guard try await engine.write({ try $0.execute(JobQueries.renew(job, until: until)) }) == 1 else { throw LostClaim() }
    }

    /// True while the job is running under this claim.
    package func isHeld(_ job: Job) async throws -> Bool {
        let present = try await present(job)
        return present?.status == .running && present?.fencingToken == job.fencingToken
    }

    /// True once another worker has begun the job after this claim.
    package func wasClaimedAgain(_ job: Job) async throws -> Bool {
        try await present(job).map { $0.fencingToken != job.fencingToken } ?? false
    }

    private func present(_ job: Job) async throws -> Job? {
        try await engine.readByKey { try $0.first(JobQueries.find(job.id, in: job.organizationID), JobQueries.decode) }
    }

    /// Says how far it is.
    package func report(_ job: Job, progress: Double, step: String) async throws {
        let now = ambient.now()
        let share = min(max(progress, 0), 1)
        guard try await engine.write({ try $0.execute(JobQueries.report(job, share, step, now: now)) }) == 1 else {
            throw LostClaim()
        }
        changes.signal()
    }

    /// Ends the job with its result, what it costs, and whatever `alongside` writes: all of it or nothing.
    /// - Parameter charge: less than was reserved, when less was made; nil: all of it.
    /// - Throws: ``LostClaim`` when it was cancelled or is another worker's; what `alongside` throws.
    package func succeed(
        _ job: Job, result: String, provider: String, charge: Int64?,
        alongside: @escaping @Sendable (any RelationalConnection) throws -> Void
    ) async throws {
        try await engine.write { connection in
            let reservation = try settled(job, charge, on: connection)
            let done = JobQueries.succeed(
                job, result: result, provider: provider, charged: reservation.charged ?? 0, now: ambient.now())
            guard try connection.execute(done) == 1 else { throw LostClaim() }
            try alongside(connection)
        }
        outbox.wake.signal()
        changes.signal()
    }

    private func settled(
        _ job: Job, _ charge: Int64?, on connection: any RelationalConnection
    ) throws -> CreditReservation {
        let present = try connection.first(JobQueries.find(job.id, in: job.organizationID), JobQueries.decode)
        guard present?.status == .running, present?.fencingToken == job.fencingToken else { throw LostClaim() }
        return try credits.settle(job.creditSubject, amount: charge, in: job.organizationID, on: connection)
    }

    /// Ends the job without a result and gives its credits back.
    /// - Throws: ``LostClaim``.
    package func fail(_ job: Job, _ failure: JobFailure) async throws {
        try await engine.write { try fail(job, failure, on: $0) }
        changes.signal()
    }

    private func fail(_ job: Job, _ failure: JobFailure, on connection: any RelationalConnection) throws {
        guard try connection.execute(JobQueries.fail(job, failure, now: ambient.now())) == 1 else { throw LostClaim() }
        try credits.release(job.creditSubject, in: job.organizationID, on: connection)
    }

    /// Puts the job back into the queue, to be tried again after `wait`.
    /// - Parameter counts: false when the attempt was no fault of its own, as at the end of a server.
    package func putBack(_ job: Job, after wait: Duration, step: String, counts: Bool) async throws {
        let now = ambient.now()
        let attempts = counts ? job.attempts : max(job.attempts - 1, 0)
        let query = JobQueries.requeue(job, at: now + wait, step: step, attempts: attempts, now: now)
        guard try await engine.write({ try $0.execute(query) }) == 1 else { throw LostClaim() }
        changes.signal()
    }

    /// Makes every claimed job due now: their workers died with the process that held this data folder.
    package func releaseAbandoned() async throws {
        try await engine.write { try $0.execute(JobQueries.releaseAll(now: ambient.now())) }
    }

    /// Forgets jobs that ended a month ago. What they made, and what they cost, stays.
    package func prune() async throws {
        let limit = ambient.now() - Self.memory
        while try await engine.write({ try $0.execute(JobQueries.prune(before: limit, count: 500)) }) == 500 {}
    }
}
