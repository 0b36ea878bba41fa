import Core
import NIOCore
import Synchronization

/// A resolver with a memory: answers are kept for 30 s and failures for 5 s, all who ask for a name at once share one
/// look-up, and nobody waits past a deadline (the look-up goes on and is remembered for the next).
final class NameService: Sendable {
    enum Answer: Sendable {
        case addresses([IPAddress])
        case failed(ResolutionFailure)
        /// The deadline came first.
        case late
        case cancelled
        /// More look-ups wait than the bound allows.
        case busy
    }

    fileprivate struct Entry {
        let answer: Answer
        let storedAt: Instant
        let expiresAt: Instant
    }
    fileprivate struct State {
        var entries: [String: Entry] = [:]
        var flights: [String: [OneShot<Answer>]] = [:]
    }

    private let state = Mutex(State())
    private let resolver: any NameResolver
    private let threads: LookupThreads
    private let now: @Sendable () -> Instant
    private static let keeps = Duration.seconds(30)
    private static let keepsFailure = Duration.seconds(5)
    private static let maximumEntries = 10_000
    private static let maximumWaitersPerName = 4_096

    init(resolver: any NameResolver, threads: Int, now: @escaping @Sendable () -> Instant) {
        self.resolver = resolver
        self.threads = LookupThreads(limit: min(threads, 16))
        self.now = now
    }

    /// What is remembered about `host`, if it is fresh.
    func cached(_ host: String) -> Answer? {
        let moment = now()
        return state.withLock { $0.fresh(host, at: moment) }
    }

    /// Looks `host` up, or joins the look-up that is under way.
    func answer(for host: String, before deadline: NIODeadline, on loop: any EventLoop) async -> Answer {
        let shot = OneShot<Answer>()
        let moment = now()
        let isFirst = state.withLock { state -> Bool in
            if let answer = state.fresh(host, at: moment) {
                shot.settle(answer)
                return false
            }
            if let waiters = state.flights[host] {
                if waiters.count < Self.maximumWaitersPerName { state.flights[host]?.append(shot) } else { shot.settle(.busy) }
                return false
            }
            state.flights[host] = [shot]
            return true
        }
        if isFirst, !threads.submit(for: host, { self.look(up: host) }, abandon: { self.finish(host, with: .busy) }) {
            finish(host, with: .busy)
        }
        let timer = loop.scheduleTask(deadline: deadline) { _ = shot.settle(.late) }
        let answer = await shot.value { shot.settle(.cancelled) }
        timer.cancel()
        switch answer {
        case .late, .cancelled: state.withLock { $0.flights[host]?.removeAll { $0 === shot } }
        case .addresses, .failed, .busy: break
        }
        return answer
    }

    /// On a look-up thread.
    private func look(up host: String) {
        do throws(ResolutionFailure) {
            let addresses = try resolver.addresses(of: host)
            let nothing = ResolutionFailure(isUnknownName: true, "the name has no address")
            finish(host, with: addresses.isEmpty ? .failed(nothing) : .addresses(addresses))
        } catch {
            finish(host, with: .failed(error))
        }
    }

    private func finish(_ host: String, with answer: Answer) {
        let moment = now()
        let waiters = state.withLock { state in
            switch answer {
            case .addresses: state.remember(host, answer, at: moment, for: Self.keeps, limit: Self.maximumEntries)
            case .failed: state.remember(host, answer, at: moment, for: Self.keepsFailure, limit: Self.maximumEntries)
            case .late, .cancelled, .busy: break
            }
            return state.flights.removeValue(forKey: host) ?? []
        }
        for waiter in waiters { waiter.settle(answer) }
    }
}

extension NameService.State {
    fileprivate func fresh(_ host: String, at moment: Instant) -> NameService.Answer? {
        // A clock that was set back must not keep an answer alive: what was stored in the future is stale too.
        guard let entry = entries[host], entry.storedAt <= moment, moment < entry.expiresAt else { return nil }
        return entry.answer
    }

    fileprivate mutating func remember(
        _ host: String, _ answer: NameService.Answer, at moment: Instant, for time: Duration, limit: Int
    ) {
        if entries.count >= limit, entries[host] == nil {
            entries = entries.filter { moment < $0.value.expiresAt }
            if entries.count >= limit { entries.removeAll() }
        }
        entries[host] = .init(answer: answer, storedAt: moment, expiresAt: moment + time)
    }
}
