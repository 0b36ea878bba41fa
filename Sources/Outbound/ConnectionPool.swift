import Core
import NIOCore
import Synchronization

/// Hands out connections and the right to open one. Unused connections are kept per origin and the one used last is used
/// next, so that the others can time out. Open connections are bounded per origin and in all; who finds no room waits
/// in order of arrival.
final class ConnectionPool: Sendable {
    enum Grant: Sendable {
        case connection(HTTPConnection)
        /// The right to open one connection, to be given back with ``returnPermit(_:)`` if that fails.
        case permit
        case late
        case cancelled
        case full
        case shutDown
    }

    fileprivate struct State {
        var entries: [Origin: PoolEntry] = [:]
        /// Origins that have waiters, so that serving does not look at all of them.
        var waitingOrigins: Set<Origin> = []
        var open = 0
        var idle = 0
        var waiting = 0
        var opened = 0
        var reused = 0
        var sequence: UInt64 = 0
        var isShutDown = false
        var drained: OneShot<Void>?
        var busy: [ObjectIdentifier: HTTPConnection] = [:]
    }

    private let state = Mutex(State())
    private let maximum: Int
    private let maximumPerOrigin: Int
    private let maximumWaiting: Int

    init(_ limits: OutboundLimits) {
        maximum = max(limits.connections, 1)
        maximumPerOrigin = max(limits.connectionsPerOrigin, 1)
        maximumWaiting = max(limits.waiting, 0)
    }

    var counters: OutboundCounters {
        state.withLock { state in
            OutboundCounters(
                connectionsOpened: state.opened, connectionsReused: state.reused, connectionsOpen: state.open,
                connectionsIdle: state.idle, requestsWaiting: state.waiting)
        }
    }

    /// A connection to one of `addresses`, or the right to open one.
    /// - Parameter isFresh: a kept connection will not do.
    func acquire(
        _ origin: Origin, addresses: [IPAddress], isFresh: Bool, deadline: NIODeadline, on group: any EventLoopGroup
    ) async -> Grant {
        var evicted: HTTPConnection?
        let (grant, waiter) = state.withLock { state in
            grantNow(&state, origin, addresses: addresses, isFresh: isFresh, evicted: &evicted)
        }
        evicted?.closeIdle()
        guard let waiter else { return grant }
        let timer = group.any().scheduleTask(deadline: deadline) { _ = waiter.shot.settle(.late) }
        let result = await waiter.shot.value { waiter.shot.settle(.cancelled) }
        timer.cancel()
        switch result {
        case .late, .cancelled: forget(waiter, of: origin)
        case .connection, .permit, .full, .shutDown: break
        }
        return result
    }

    /// The connection finished an exchange and can take another.
    func release(_ connection: HTTPConnection) {
        let isKept = state.withLock { state -> Bool in
            state.busy[ObjectIdentifier(connection)] = nil
            if hand(connection, to: &state) { return true }
            free(connection, &state)
            return false
        }
        if !isKept { connection.closeIdle() }
    }

    /// The connection is closed, for whatever reason. May be said more than once.
    func closed(_ connection: HTTPConnection) {
        state.withLock { state in
            state.busy[ObjectIdentifier(connection)] = nil
            if state.entries[connection.origin]?.removeIdle(connection) == true { state.idle -= 1 }
            free(connection, &state)
        }
    }

    /// A permit led to this connection.
    func opened(_ connection: HTTPConnection) {
        state.withLock { state in
            state.opened += 1
            // It may have been closed already, and would then never leave the list.
            guard connection.holdsSlot.load(ordering: .acquiring) else { return }
            state.busy[ObjectIdentifier(connection)] = connection
        }
    }

    /// The right to open a connection was not used.
    func returnPermit(_ origin: Origin) {
        state.withLock { state in
            freeSlot(origin, &state)
            serve(&state)
        }
    }

    /// Takes an unused connection out; false when it is not in (any more).
    func removeIdle(_ connection: HTTPConnection) -> Bool {
        state.withLock { state in
            guard state.entries[connection.origin]?.removeIdle(connection) == true else { return false }
            state.idle -= 1
            return true
        }
    }

    /// Refuses everything from now on, closes what is unused, waits until the rest is done or `deadline`, then ends it.
    func shutDown(before deadline: NIODeadline, on group: any EventLoopGroup) async {
        let drained = OneShot<Void>()
        let idle = state.withLock { state -> [HTTPConnection] in
            state.isShutDown = true
            var idle: [HTTPConnection] = []
            for entry in state.entries.values {
                idle += entry.idle.map(\.connection)
                entry.idle.removeAll()
                for waiter in entry.waiters { waiter.shot.settle(.shutDown) }
                entry.waiters.removeAll()
            }
            state.waitingOrigins.removeAll()
            (state.idle, state.waiting) = (0, 0)
            if state.open == 0 { drained.settle(()) } else { state.drained = drained }
            return idle
        }
        for connection in idle { connection.closeIdle() }
        let timer = group.any().scheduleTask(deadline: deadline) { _ = drained.settle(()) }
        await drained.value { drained.settle(()) }
        timer.cancel()
        for connection in state.withLock({ Array($0.busy.values) }) { connection.abort() }
    }
}

extension ConnectionPool {
    private func grantNow(
        _ state: inout State, _ origin: Origin, addresses: [IPAddress], isFresh: Bool, evicted: inout HTTPConnection?
    ) -> (Grant, PoolWaiter?) {
        guard !state.isShutDown else { return (.shutDown, nil) }
        let entry = state.entry(origin)
        if !isFresh, let index = entry.idle.lastIndex(where: { addresses.contains($0.connection.address) }) {
            let connection = entry.idle.remove(at: index).connection
            state.idle -= 1
            state.reused += 1
            state.busy[ObjectIdentifier(connection)] = connection
            return (.connection(connection), nil)
        }
        // An unused connection that cannot serve this request makes way for one that can. A fresh one always replaces an
        // old one, or a row of requests that must not happen twice would leave a row of unused connections.
        if isFresh || entry.open >= maximumPerOrigin {
            evicted = entry.idle.first?.connection
        }
        if evicted == nil, entry.open < maximumPerOrigin, state.open >= maximum { evicted = state.longestIdle }
        if let evicted {
            if state.entries[evicted.origin]?.removeIdle(evicted) == true { state.idle -= 1 }
            if evicted.holdsSlot.exchange(false, ordering: .acquiringAndReleasing) { freeSlot(evicted.origin, &state) }
            state.entries[origin] = entry
        }
        if entry.waiters.isEmpty, entry.open < maximumPerOrigin, state.open < maximum {
            entry.open += 1
            state.open += 1
            return (.permit, nil)
        }
        guard state.waiting < maximumWaiting else {
            state.tidy(origin)
            return (.full, nil)
        }
        state.sequence += 1
        let waiter = PoolWaiter(sequence: state.sequence, addresses: addresses, isFresh: isFresh)
        entry.waiters.append(waiter)
        state.waiting += 1
        state.waitingOrigins.insert(origin)
        return (.permit, waiter)
    }

    /// Gives a connection to the first waiter of its origin or keeps it; false when it must be closed: for a waiter that it
    /// cannot serve, or for one elsewhere that waits for room in all, and longer than anybody here.
    private func hand(_ connection: HTTPConnection, to state: inout State) -> Bool {
        guard !state.isShutDown, let entry = state.entries[connection.origin] else { return false }
        let elsewhere = state.open >= maximum ? nextOrigin(state, besides: connection.origin) : nil
        while let waiter = entry.waiters.first {
            if let elsewhere, elsewhere.sequence < waiter.sequence { return false }
            guard !waiter.isFresh, waiter.addresses.contains(connection.address) else { return false }
            entry.waiters.removeFirst()
            state.waiting -= 1
            state.tidy(connection.origin)
            if waiter.shot.settle(.connection(connection)) {
                state.reused += 1
                state.busy[ObjectIdentifier(connection)] = connection
                return true
            }
        }
        guard elsewhere == nil else { return false }
        state.sequence += 1
        entry.idle.append((connection, state.sequence))
        state.idle += 1
        return true
    }

    /// Gives the connection's slot, unless that was done, to whoever waits. The socket may take a moment longer to close.
    private func free(_ connection: HTTPConnection, _ state: inout State) {
        guard connection.holdsSlot.exchange(false, ordering: .acquiringAndReleasing) else { return }
        freeSlot(connection.origin, &state)
        serve(&state)
    }

    private func freeSlot(_ origin: Origin, _ state: inout State) {
        guard let entry = state.entries[origin] else { return }
        entry.open -= 1
        state.open -= 1
        state.tidy(origin)
        if state.open == 0 { state.drained?.settle(()) }
    }

    /// Gives free room to those who wait, longest first.
    private func serve(_ state: inout State) {
        while state.open < maximum, let origin = nextOrigin(state, besides: nil)?.origin {
            guard let entry = state.entries[origin], let waiter = entry.waiters.popFirst() else { return }
            state.waiting -= 1
            if waiter.shot.settle(.permit) {
                entry.open += 1
                state.open += 1
            }
            state.tidy(origin)
        }
    }

    /// The origin with room of its own whose first waiter waits longest.
    private func nextOrigin(_ state: borrowing State, besides other: Origin?) -> (origin: Origin, sequence: UInt64)? {
        var best: (origin: Origin, sequence: UInt64)?
        for origin in state.waitingOrigins where origin != other {
            guard let entry = state.entries[origin], entry.open < maximumPerOrigin, let waiter = entry.waiters.first else {
                continue
            }
            if best.map({ waiter.sequence < $0.sequence }) ?? true { best = (origin, waiter.sequence) }
        }
        return best
    }

    private func forget(_ waiter: PoolWaiter, of origin: Origin) {
        state.withLock { state in
            guard let entry = state.entries[origin], let index = entry.waiters.firstIndex(where: { $0 === waiter }) else {
                return
            }
            entry.waiters.remove(at: index)
            state.waiting -= 1
            state.tidy(origin)
        }
    }
}

extension ConnectionPool.State {
    fileprivate mutating func entry(_ origin: Origin) -> PoolEntry {
        if let entry = entries[origin] { return entry }
        let entry = PoolEntry()
        entries[origin] = entry
        return entry
    }

    /// Forgets what is empty, after something was taken away.
    fileprivate mutating func tidy(_ origin: Origin) {
        guard let entry = entries[origin] else { return }
        if entry.waiters.isEmpty { waitingOrigins.remove(origin) }
        if entry.isEmpty { entries[origin] = nil }
    }

    /// The connection that is unused for longest, whoever it goes to. (There are at most as many origins with one as
    /// there may be connections, so looking at all of them is cheap.)
    fileprivate var longestIdle: HTTPConnection? {
        var oldest: (connection: HTTPConnection, since: UInt64)?
        for entry in entries.values {
            guard let first = entry.idle.first else { continue }
            if oldest.map({ first.since < $0.since }) ?? true { oldest = first }
        }
        return oldest?.connection
    }
}
