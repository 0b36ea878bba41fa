import Core
import NIOCore

/// What the pool knows about one origin. Only touched under the pool's lock.
final class PoolEntry {
    /// Connections that exist or are being opened.
    var open = 0
    /// Unused connections, the one used last at the end, with the pool's count of when they became so.
    var idle: [(connection: HTTPConnection, since: UInt64)] = []
    /// Requests that wait, in order of arrival.
    var waiters = CircularBuffer<PoolWaiter>()

    var isEmpty: Bool { open == 0 && waiters.isEmpty }

    /// Takes `connection` out; false when it is not in.
    func removeIdle(_ connection: HTTPConnection) -> Bool {
        guard let index = idle.firstIndex(where: { $0.connection === connection }) else { return false }
        idle.remove(at: index)
        return true
    }
}

/// A request that waits for a connection or the right to open one.
final class PoolWaiter: Sendable {
    let sequence: UInt64
    let addresses: [IPAddress]
    let isFresh: Bool
    let shot = OneShot<ConnectionPool.Grant>()

    init(sequence: UInt64, addresses: [IPAddress], isFresh: Bool) {
        self.sequence = sequence
        self.addresses = addresses
        self.isFresh = isFresh
    }
}
