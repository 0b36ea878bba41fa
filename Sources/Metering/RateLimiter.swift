package import Core
package import Relational
import Synchronization

/// Counts an organization's requests in each UTC hour: exactly, across processes on one database, and across crashes.
///
/// Counters live in memory; blocks of requests are reserved durably ahead, so that neither a crash nor a second process
/// lets more through than the limit. The common case takes one lock and no database access. After a crash an hour may end
/// up to one and a half blocks (3 %) short; ``close()`` gives back what is unused, so that a clean restart loses nothing.
package final class RateLimiter: Sendable {
    private struct Waiter {
        let limit: Int
        let continuation: CheckedContinuation<Allowance, any Error>
    }
    private struct Entry {
        var account: RateAccount
        var waiters: [Waiter] = []
        /// The one task that reserves for this organization, while there is one.
        var refill: Task<Void, Never>?
    }
    private struct State {
        var entries: [OrganizationID: Entry] = [:]
        var sweptAt = Instant(milliseconds: .min)
        var prunedAt = Instant(milliseconds: .min)
        var isClosed = false
    }
    private typealias Answer = (waiter: Waiter, result: Result<Allowance, any Error>)

    private let engine: any RelationalEngine
    private let ambient: Ambient
    private let state = Mutex(State())

    /// - Parameter engine: one whose migrations include ``MeteringMigrations/all``.
    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    /// Counts one request of `organization`, which may send `limit` in an hour. The limit may differ from call to call.
    /// - Throws: ``RelationalError`` when a block cannot be reserved: nothing is let through uncounted.
    package func take(for organization: OrganizationID, limit: Int) async throws -> Allowance {
        let now = ambient.now()
        if let allowance = state.withLock({ decide(&$0, organization, limit, now) }) { return allowance }
        return try await withCheckedThrowingContinuation { continuation in
            let answer = state.withLock { state -> Result<Allowance, any Error>? in
                // Between the two locks a block may have come in.
                if let allowance = decide(&state, organization, limit, now) { return .success(allowance) }
                if state.isClosed { return .failure(RelationalError.closed) }
                state.entries[organization]?.waiters.append(Waiter(limit: limit, continuation: continuation))
                startRefill(&state, organization)
                return nil
            }
            if let answer { continuation.resume(with: answer) }
        }
    }

    /// Ends reserving and gives back what is reserved but not used. Call it when no more requests come, before the engine
    /// closes.
    package func close() async throws {
        state.withLock { $0.isClosed = true }
        await settle()
        let unused = state.withLock { state in
            var unused: [(organization: OrganizationID, start: Instant, count: Int)] = []
            for organization in Array(state.entries.keys) {
                guard let count = state.entries[organization]?.account.takeUnused(), count > 0,
                    let start = state.entries[organization]?.account.start
                else { continue }
                unused.append((organization, start, count))
            }
            return unused
        }
        if unused.isEmpty { return }
        try await engine.write { [unused] connection in
            for entry in unused {
                try RateWindowStore.giveBack(entry.count, of: entry.organization, start: entry.start, connection)
            }
        }
    }

    /// Returns when the reservations that are under way are booked.
    func settle() async {
        let refills = state.withLock { $0.entries.values.compactMap(\.refill) }
        for refill in refills { await refill.value }
    }

    private func decide(_ state: inout State, _ organization: OrganizationID, _ limit: Int, _ now: Instant) -> Allowance? {
        if now >= state.sweptAt + .milliseconds(RateAccount.hour) { sweep(&state, now) }
        var allowance: Allowance?
        var startsRefill = false
        withEntry(&state, organization, limit, now) { entry in
            entry.account.enter(now, limit: limit)
            // Those who wait came first; whoever comes now waits behind them.
            guard entry.waiters.isEmpty else { return }
            allowance = entry.account.decide(now)
            startsRefill = entry.account.wantsMore && entry.refill == nil
        }
        if startsRefill { startRefill(&state, organization) }
        return allowance
    }

    private func withEntry(
        _ state: inout State, _ organization: OrganizationID, _ limit: Int, _ now: Instant, _ body: (inout Entry) -> Void
    ) {
        body(
            &state.entries[
                organization,
                default: Entry(account: RateAccount(start: RateAccount.hourStart(of: now), limit: limit))])
    }

    /// Forgets the organizations that were quiet for an hour.
    private func sweep(_ state: inout State, _ now: Instant) {
        let start = RateAccount.hourStart(of: now)
        state.sweptAt = start
        state.entries = state.entries.filter { $0.value.account.start >= start || $0.value.refill != nil }
    }

    private func startRefill(_ state: inout State, _ organization: OrganizationID) {
        guard !state.isClosed, state.entries[organization]?.refill == nil else { return }
        state.entries[organization]?.refill = Task { await self.refill(organization) }
    }

    /// Reserves blocks until nobody waits and nobody will soon.
    private func refill(_ organization: OrganizationID) async {
        while let wanted = state.withLock({ nextReservation(&$0, organization) }) {
            let result: Result<Granted, any Error>
            do {
                result = .success(try await engine.write { try RateWindowStore.reserve(wanted, $0) })
            } catch {
                result = .failure(error)
            }
            let now = ambient.now()
            let answers = state.withLock { book(&$0, wanted, result, now) }
            for answer in answers { answer.waiter.continuation.resume(with: answer.result) }
        }
    }

    private func nextReservation(_ state: inout State, _ organization: OrganizationID) -> Reservation? {
        guard var entry = state.entries[organization] else { return nil }
        guard entry.account.wantsMore && !state.isClosed || !entry.waiters.isEmpty else {
            entry.refill = nil
            state.entries[organization] = entry
            return nil
        }
        entry.account.wantsMore = false
        state.entries[organization] = entry
        let account = entry.account
        let prunes = account.start > state.prunedAt
        if prunes { state.prunedAt = account.start }
        // A crowd gets a larger block at once: all of it is used, so that none of it can be lost.
        let block = min(max(account.block, entry.waiters.count), 200)
        return Reservation(
            organization: organization, start: account.start, limit: account.limit, block: block, prunes: prunes)
    }

    private func book(
        _ state: inout State, _ wanted: Reservation, _ result: Result<Granted, any Error>, _ now: Instant
    ) -> [Answer] {
        guard var entry = state.entries[wanted.organization] else { return [] }
        state.entries[wanted.organization] = nil
        defer { state.entries[wanted.organization] = entry }
        switch result {
        case .failure(let error):
            if wanted.prunes { state.prunedAt = Instant(milliseconds: .min) }
            defer { entry.waiters = [] }
            return entry.waiters.map { ($0, .failure(error)) }
        case .success(let granted):
            entry.account.book(granted, block: wanted.block, limit: wanted.limit, start: wanted.start, now: now)
            var answers: [Answer] = []
            for waiter in entry.waiters {
                entry.account.enter(now, limit: waiter.limit)
                guard let allowance = entry.account.decide(now) else { break }
                answers.append((waiter, .success(allowance)))
            }
            entry.waiters.removeFirst(answers.count)
            return answers
        }
    }
}
