package import Contract
package import Core
package import Relational
import Synchronization

/// Makes every write repeatable: a request that comes again with its `Idempotency-Key` gets the first answer and has no
/// further effect.
///
/// The key commits in the same transaction as the effect (``LedgeredEngine``), so there is no moment in which one is there
/// without the other. What is in flight in this process is answered 409; of two processes, the later finds the row.
package final class RepeatLedger: Sendable {
    private let engine: any RelationalEngine
    let store: RepeatStore
    private let inFlight = Mutex<Set<Place>>([])

    private struct Place: Hashable {
        let key: KeyID
        let text: String
    }

    /// - Parameter engine: the database itself, not a ``LedgeredEngine`` over it.
    package init(engine: any RelationalEngine, box: SecretBox, ambient: Ambient) {
        self.engine = engine
        store = RepeatStore(box: box, ambient: ambient)
    }

    /// Answers a request: by `work`, or as its first time was answered.
    /// - Throws: what `work` throws; 409 while the first one is being worked on, and for a key of another request.
    package func answer(_ scope: RequestScope, _ work: () async throws -> Reply) async throws -> Reply {
        guard let key = scope.repeatKey else { return try await RequestScope.$current.withValue(scope) { try await work() } }
        let place = Place(key: scope.caller.keyID, text: key.text)
        guard inFlight.withLock({ $0.insert(place).inserted }) else {
            throw APIError(
                .idempotencyInFlight, "A request with this Idempotency-Key is being worked on; repeat it in a second.",
                headers: [("Retry-After", "1")])
        }
        defer { inFlight.withLock { _ = $0.remove(place) } }
        if let known = try await engine.readByKey({ try self.store.reply(to: scope, key, on: $0) }) { return known.reply }
        let reply: Reply
        do {
            reply = try await RequestScope.$current.withValue(scope) { try await work() }
        } catch let replay as Replay {
            return replay.reply.reply
        }
        try await complete(StoredReply(reply), scope, key, isStream: reply.stream != nil)
        return reply
    }

    /// What was kept beside the effect lacks what only the finished answer has, such as its `Location`.
    private func complete(_ reply: StoredReply, _ scope: RequestScope, _ key: RequestScope.RepeatKey, isStream: Bool)
        async throws
    {
        guard !scope.isDryRun, !isStream else { return }
        let kept = try await engine.readByKey { try self.store.reply(to: scope, key, on: $0) }
        guard let kept, kept != reply else { return }
        try await engine.write { try self.store.keep(reply, to: scope, key, on: $0) }
    }

    /// Forgets keys that are older than a day. Run by a duty.
    package func prune() async throws {
        while try await engine.write({ try self.store.prune(limit: 1000, on: $0) }) == 1000 {}
    }
}
