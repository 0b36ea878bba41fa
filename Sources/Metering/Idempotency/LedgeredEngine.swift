import Contract
import Core
package import Features
package import Relational

/// The database as requests see it. The first transaction of a request also records what the request was: its
/// `Idempotency-Key` with the answer, and its line in the audit log. A rehearsal (`?dryRun=true`) keeps nothing.
///
/// Stores know nothing of it; work without a ``RequestScope``, such as the scheduler's, passes straight through.
package struct LedgeredEngine: RelationalEngine {
    private let base: any RelationalEngine
    private let ledger: RepeatLedger
    private let audit: AuditTrail

    package init(over base: any RelationalEngine, ledger: RepeatLedger, audit: AuditTrail) {
        self.base = base
        self.ledger = ledger
        self.audit = audit
    }

    package var dialect: Dialect { base.dialect }

    package func read<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        try await base.read(body)
    }

    package func readByKey<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        try await base.readByKey(body)
    }

    package func write<Value: Sendable>(
        _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        guard let scope = RequestScope.current else { return try await base.write(body) }
        if scope.isDryRun { return try await rehearse(scope, body) }
        guard scope.takeFirst() else { return try await base.write(body) }
        do {
            return try await base.write { connection in
                if let key = scope.repeatKey, let known = try ledger.store.reply(to: scope, key, on: connection) {
                    throw Replay(reply: known)
                }
                let value = try body(connection)
                try scope.caller.precondition?.requireChecked()
                let object = value as? any APIObject
                try audit.record(scope, object: object?.objectID, on: connection)
                if let key = scope.repeatKey {
                    let reply = StoredReply(expectedFrom: object, for: scope)
                    try ledger.store.keep(reply, to: scope, key, on: connection)
                }
                return value
            }
        } catch {
            scope.giveBackFirst()
            throw error
        }
    }

    package func close() async { await base.close() }

    private func rehearse<Value: Sendable>(
        _ scope: RequestScope, _ body: @escaping @Sendable (any RelationalConnection) throws -> Value
    ) async throws -> Value {
        do {
            return try await base.write { connection in
                let value = try body(connection)
                try scope.caller.precondition?.requireChecked()
                throw Rehearsed(value: value)
            }
        } catch let rehearsed as Rehearsed<Value> {
            return rehearsed.value
        }
    }
}

/// Thrown to undo what was only rehearsed.
private struct Rehearsed<Value: Sendable>: Error {
    let value: Value
}
