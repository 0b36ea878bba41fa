import Relational
import Synchronization

/// An engine that dies at its n-th write, either before it or right after it is durable, and stays dead: what a process
/// sees of a kill -9, without the process.
final class CrashingEngine: RelationalEngine {
    enum Moment: CaseIterable, Sendable { case beforeWrite, afterWrite }
    struct Killed: Error {}

    private let base: any RelationalEngine
    private let moment: Moment
    private let writesLeft: Mutex<Int>
    private let dead = Mutex(false)

    init(_ base: any RelationalEngine, killedAtWrite count: Int, _ moment: Moment) {
        self.base = base
        self.moment = moment
        writesLeft = Mutex(count)
    }

    var dialect: Dialect { base.dialect }
    var isDead: Bool { dead.withLock { $0 } }

    private func live() throws { if isDead { throw Killed() } }

    func read<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value {
        try live()
        return try await base.read(body)
    }
    func readByKey<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws
        -> Value
    {
        try live()
        return try await base.readByKey(body)
    }
    func write<Value: Sendable>(_ body: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value {
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
    func close() async {}
}
