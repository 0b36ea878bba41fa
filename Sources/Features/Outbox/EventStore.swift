package import Contract
package import Core
package import Relational

/// Reads events: one by one, and as a feed that misses none.
package struct EventStore: Sendable {
    package let engine: any RelationalEngine
    package let outbox: Outbox

    package init(engine: any RelationalEngine, outbox: Outbox) {
        self.engine = engine
        self.outbox = outbox
    }

    /// An event and its place in the feed.
    package struct Entry: Sendable {
        package var position: Int64
        package var event: EventRecord
    }

    /// The event, or 404; also for a brand that the caller may not see.
    package func get(_ id: EventID, for caller: Caller) async throws -> EventRecord {
        let found = try await engine.readByKey {
            try $0.first(EventQueries.find(id, in: caller.organizationID), EventQueries.decode)
        }
        guard let found, Self.isVisible(found, to: caller) else { throw APIError.notFound("event") }
        return found
    }

    /// A stretch of the feed.
    package struct Stretch: Sendable {
        package var entries: [Entry]
        /// Everything up to here has been looked at: what goes on from here passes over it no more.
        package var end: Int64
    }

    /// The events after a place in the feed, oldest first.
    /// - Parameters:
    ///   - types: only these; all when empty.
    ///   - since: none before this.
    package func feed(
        after position: Int64, types: [String], since: Instant?, limit: Int, for caller: Caller
    ) async throws -> Stretch {
        try await engine.read { connection in
            // Before the events: whatever is numbered up to here was committed then, and shows in what follows.
            let newest = try connection.first(EventQueries.newest(in: caller.organizationID)) { $0.int(0) } ?? 0
            let entries = try connection.query(
                EventQueries.feed(after: position, types: types, since: since, limit: limit, for: caller)
            ) { Entry(position: $0.int(9), event: try EventQueries.decode($0)) }
            let end = entries.count < limit ? max(newest, position) : position
            return Stretch(entries: entries, end: max(entries.last?.position ?? position, end))
        }
    }

    /// The place of the newest event; 0 when there is none.
    package func end(in organization: OrganizationID) async throws -> Int64 {
        try await engine.readByKey { connection in
            try connection.first(EventQueries.newest(in: organization)) { $0.int(0) } ?? 0
        }
    }

    /// The newest events of a type.
    package func latest(_ type: String, limit: Int, for caller: Caller) async throws -> [EventRecord] {
        try await engine.read { connection in
            try connection.query(EventQueries.latest(type, limit: limit, for: caller), EventQueries.decode)
        }
    }

    /// Waits until an event may have been committed, at most a second: other processes commit without a signal.
    package func change() async { await outbox.feed.wait(atMost: .seconds(1)) }

    /// Says that an event happened which did not: every webhook that wants it gets its sample, marked as a test.
    package func trigger(_ event: any Event.Type, brand: BrandID?, for caller: Caller) async throws -> EventRecord {
        func sample<E: Event>(_: E.Type) -> any Event { E.example }
        let occurrence = sample(event)
        let triggered = try await engine.write { connection in
            if let brand {
                let isKnown = try connection.exists(
                    "SELECT 1 FROM brand WHERE organization_id = \(caller.organizationID) AND id = \(brand)")
                guard isKnown, caller.maySee(brand) else {
                    throw APIError.invalid("brandId", "names no brand of this organization")
                }
            } else if !caller.brandIDs.isEmpty {
                throw APIError.invalid("brandId", "is required: your key is limited to brands")
            }
            let id = try outbox.append(
                occurrence, for: caller.organizationID, brand: brand, user: caller.userID, isTest: true, on: connection)
            return try connection.first(EventQueries.find(id, in: caller.organizationID), EventQueries.decode)
        }
        outbox.wake.signal()
        guard let triggered else { throw APIError.notFound("event") }
        return triggered
    }

    private static func isVisible(_ event: EventRecord, to caller: Caller) -> Bool {
        guard !caller.brandIDs.isEmpty else { return true }
        return event.brandID.map(caller.maySee) ?? false
    }
}
