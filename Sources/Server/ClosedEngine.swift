import Relational

/// A database that is not there.
struct ClosedEngine: RelationalEngine {
    let dialect = Dialect.sqlite

    func read<Value: Sendable>(_: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value {
        throw RelationalError.closed
    }
    func readByKey<Value: Sendable>(_: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value {
        throw RelationalError.closed
    }
    func write<Value: Sendable>(_: @escaping @Sendable (any RelationalConnection) throws -> Value) async throws -> Value {
        throw RelationalError.closed
    }
    func close() async {}
}
