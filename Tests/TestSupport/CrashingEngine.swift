package import Relational
import Synchronization

/// An engine that dies at its n-th write, either before it or right after it is durable, and stays dead: what a process
/// sees of a kill -9, without the process.
package final class CrashingEngine: RelationalEngine {
    package enum Moment: CaseIterable, Sendable { case beforeWrite, afterWrite }
    package struct Killed: Error {}

    private let base: any RelationalEngine
    private let moment: Moment
    private let writesLeft: Mutex<Int>
    private let dead = Mutex(false)

    package init(_ base: any RelationalEngine, killedAtWrite count: Int, _ moment: Moment) {
        self.base = base
        self.moment = moment
        writesLeft = Mutex(count)
    }

    package var dialect: Dialect { base.dialect }
    package var isDead: Bool { dead.withLock { $0 } }

    private func live() throws { if isDead { throw Killed() } }

    package func read<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws
        -> Value
    {
        try live()
        return try await base.read(body)
    }
    package func readByKey<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws
        -> Value
    {
        try live()
        return try await base.readByKey(body)
    }
    package func write<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws
        -> Value
    {
        try live()
        let isLast = writesLeft.withLock { left in
            left -= 1
            return left == 0
        }
        if isLast, moment == .beforeWrite {
            dead.withLock { $0 = true }
            throw Killed()
        }
        let value = try await base.write(body)
        if isLast {
            dead.withLock { $0 = true }
            throw Killed()
        }
        return value
    }
    package func close() async {}
}
