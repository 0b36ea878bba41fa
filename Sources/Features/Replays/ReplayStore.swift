package import Contract
package import Core
package import Relational

/// Starts, shows, steers and advances replays.
package struct ReplayStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let webhooks: WebhookStore
    private let outbox: Outbox
    /// How far back a replay may reach: as long as events are kept.
    private let retention: Duration

    package init(
        engine: any RelationalEngine, ambient: Ambient, webhooks: WebhookStore, outbox: Outbox, retention: Duration
    ) {
        self.engine = engine
        self.ambient = ambient
        self.webhooks = webhooks
        self.outbox = outbox
        self.retention = retention
    }

    /// Events that one step looks at in one transaction: more only where a replay is to send more of them in its second.
    static let stretch = 500

    /// Counts what would be sent and, unless it is a dry run, begins.
    package func start(_ input: ReplayInput, for id: WebhookID, by caller: Caller) async throws -> Replay {
        let webhook = try await webhooks.get(id, for: caller)
        let now = ambient.now()
        let until = min(input.until ?? now, now)
        guard input.since < until else { throw APIError.invalid("since", "must be before until, and in the past") }
        guard now - input.since <= retention else {
            throw APIError.invalid("since", "must not be before \(now - retention): older events are not kept")
        }
        if let wrong = input.events.first(where: { EventPattern.issue($0, known: FeatureList.events.map { $0.type }) != nil }) {
            throw APIError.invalid("events", "has no event \"\(wrong.prefix(64))\"")
        }
        guard input.isDryRun || webhook.isEnabled else {
            throw APIError(.conflict, "The webhook is disabled; enable it first, with recover, which sends what was held.")
        }
        var replay = Replay(
            id: ID(""), organizationID: caller.organizationID, webhookID: id, state: .completed, since: input.since,
            until: until, selections: input.selections, events: input.events, codes: input.codes,
            ratePerSecond: input.ratePerSecond, position: 0, end: 0, scanned: 0, sent: 0, total: 0, createdAt: now,
            updatedAt: now)
        let window = try await engine.read { connection in
            try connection.first(ReplayQueries.window(input.since, until, in: caller.organizationID)) {
                (first: $0.optionalInt(0), last: $0.optionalInt(1))
            }
        }
        guard let first = window?.first, let last = window?.last else {
            return input.isDryRun ? replay : try await begin(replay)
        }
        replay.position = max(first - 1, 0)
        replay.end = min(last, try await newest(in: caller.organizationID))
        replay.total = try await count(replay)
        guard !input.isDryRun else { return replay }
        replay.state = .running
        return try await begin(replay)
    }

    private func newest(in organization: OrganizationID) async throws -> Int64 {
        try await engine.readByKey { connection in
            try connection.first(EventQueries.newest(in: organization)) { $0.int(0) } ?? 0
        }
    }

    private func begin(_ replay: Replay) async throws -> Replay {
        var begun = replay
        begun.id = ambient.newID()
        let new = begun
        try await engine.write { connection in try connection.execute(ReplayQueries.insert(new)) }
        outbox.wake.signal()
        return new
    }

    private func count(_ replay: Replay) async throws -> Int64 {
        var place = replay
        var total: Int64 = 0
        while true {
            let (events, chosen) = try await engine.read { [place] connection in
                try choose(from: place, room: .max, on: connection)
            }
            total += Int64(chosen.count)
            guard let last = events.last else { return total }
            place.position = last
        }
    }

    package func get(_ id: ReplayID, for caller: Caller) async throws -> Replay {
        let replay = try await engine.readByKey { try get(id, in: caller.organizationID, on: $0) }
        guard try await webhooks.isVisible(replay.webhookID, to: caller) else { throw APIError.notFound("replay") }
        return replay
    }

    private func get(
        _ id: ReplayID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> Replay {
        let found = try connection.first(ReplayQueries.find(id, in: organization), ReplayQueries.decode)
        guard let found else { throw APIError.notFound("replay") }
        return found
    }

    /// Pauses, resumes or cancels.
    package func steer(_ id: ReplayID, to state: Replay.State, for caller: Caller) async throws -> Replay {
        _ = try await get(id, for: caller)
        let allowed: [Replay.State] = state == .running ? [.paused] : state == .paused ? [.running] : [.running, .paused]
        let steered = try await engine.write { connection in
            try connection.execute(
                """
                UPDATE webhook_replay SET state = \(state), updated_at = \(ambient.now())
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                  AND state IN (\(list: allowed.map(\.rawValue)))
                """)
            let replay = try get(id, in: caller.organizationID, on: connection)
            guard replay.state == state else {
                throw APIError(.conflict, "The replay is \(replay.state.rawValue); it cannot become \(state.rawValue).")
            }
            return replay
        }
        outbox.wake.signal()
        return steered
    }

    /// One step of every replay that runs: at most as many deliveries as its rate allows in a second.
    /// - Returns: whether any still runs.
    package func advance() async throws -> Bool {
        let running = try await engine.read { try $0.query(ReplayQueries.running, ReplayQueries.decode) }
        var isAnyLeft = false
        for replay in running {
            // A pace is kept by the second: what was done less than that ago rests.
            guard replay.sent == 0 || ambient.now() - replay.updatedAt >= .seconds(1) else {
                isAnyLeft = true
                continue
            }
            if try await step(replay) { isAnyLeft = true }
        }
        if !running.isEmpty { outbox.wake.signal() }
        return isAnyLeft
    }

    private func step(_ replay: Replay) async throws -> Bool {
        try await engine.write { connection in
            guard
                var replay = try connection.first(
                    ReplayQueries.find(replay.id, in: replay.organizationID), ReplayQueries.decode),
                replay.state == .running
            else { return false }
            let now = ambient.now()
            replay.updatedAt = now
            guard
                let interest = try connection.first(
                    WebhookInterest.find(replay.webhookID, in: replay.organizationID), WebhookInterest.decode)
            else {
                replay.state = .cancelled
                try connection.execute(ReplayQueries.advance(replay))
                return false
            }
            let (positions, chosen) = try choose(from: replay, room: replay.ratePerSecond, on: connection)
            for choice in chosen {
                if let delivery = choice.delivery {
                    try connection.execute(
                        ReplayQueries.revive(delivery, in: replay.organizationID, wakeAt: now))
                } else {
                    try FanOut.deliver(choice.event, to: interest, as: .replay, ambient: ambient, on: connection)
                }
                replay.sent += 1
            }
            replay.scanned += Int64(positions.count)
            replay.position = positions.last ?? replay.end
            if replay.position >= replay.end { replay.state = .completed }
            try connection.execute(ReplayQueries.advance(replay))
            return replay.state == .running
        }
    }

    /// One event that is to be sent again, and its delivery if it has one.
    private struct Choice {
        var event: EventRecord
        var delivery: DeliveryID?
    }

    /// The next stretch of the feed: the places that are done with it, and what is chosen of them, at most `room`.
    private func choose(
        from replay: Replay, room: Int, on connection: any RelationalConnection
    ) throws -> (positions: [Int64], chosen: [Choice]) {
        guard
            let interest = try connection.first(
                WebhookInterest.find(replay.webhookID, in: replay.organizationID), WebhookInterest.decode)
        else { return ([], []) }
        let filter = try interest.filter()
        let rows = try connection.query(ReplayQueries.stretch(replay, limit: max(Self.stretch, replay.ratePerSecond))) { row in
            (
                event: try EventQueries.decode(row), position: row.int(9), delivery: row.optionalID(10, DeliveryID.self),
                state: row.optionalText(11).flatMap(Delivery.State.init), code: row.optionalInt(12).map(Int.init)
            )
        }
        var positions: [Int64] = []
        var chosen: [Choice] = []
        for row in rows {
            guard chosen.count < room else { break }
            positions.append(row.position)
            guard row.event.createdAt >= replay.since, row.event.createdAt < replay.until,
                replay.events.isEmpty || EventPattern.matches(replay.events, row.event.type)
            else { continue }
            if let state = row.state {
                guard let selection = Replay.Selection(rawValue: state.rawValue), replay.selections.contains(selection),
                    replay.codes.isEmpty || row.code.map(replay.codes.contains) == true
                else { continue }
            } else {
                guard replay.selections.contains(.missed), EventPattern.matches(interest.events, row.event.type),
                    filter?.rejection(of: row.event) == nil
                else { continue }
            }
            chosen.append(Choice(event: row.event, delivery: row.delivery))
        }
        return (positions, chosen)
    }
}
