import Contract
import Core
import Relational

/// From the feed and the clock to runs.
extension AutomationRunStore {
    /// Steps of one organization before the next has its turn.
    private static let turn = 50
    /// So far the place in the feed may lag behind what concerns nobody: each move of it costs a commit.
    private static let lag: Int64 = 200

    /// Runs what events and the clock ask for, a bounded part of it.
    /// - Returns: whether there may be more to do at once.
    package func advance() async throws -> Bool {
        var isBusy = false
        var failure: (any Error)?
        for organization in try await engine.read({ try $0.query(AutomationQueries.behind) { $0.id(0, OrganizationID.self) } })
        {
            do {
                var steps = 0
                while steps < Self.turn, try await follow(organization) { steps += 1 }
                if steps > 0 { signal() }
                if steps == Self.turn { isBusy = true }
            } catch {
                // One organization's trouble is not the others'.
                failure = error
            }
        }
        let now = ambient.now()
        let due = try await engine.read { connection in
            try connection.query(AutomationQueries.due(at: now, limit: Self.turn)) {
                (organization: $0.id(0, OrganizationID.self), automation: $0.id(1, AutomationID.self))
            }
        }
        for place in due {
            do { try await tick(place.automation, in: place.organization, at: now) } catch { failure = error }
        }
        if !due.isEmpty { signal() }
        if let failure { throw failure }
        return isBusy || due.count == Self.turn
    }

    private func signal() {
        posts.outbox.wake.signal()
        posts.scheduleWake.signal()
        mails.wake.signal()
        wake.signal()
    }

    /// Handles the next event that some automation of the organization is about.
    /// - Returns: whether there was one.
    private func follow(_ organization: OrganizationID) async throws -> Bool {
        let found = try await engine.read { connection in try place(in: organization, on: connection) }
        guard let place = found else { return false }
        guard let entry = place.next else {
            if place.end - place.cursor >= Self.lag {
                try await engine.write { connection in
                    _ = try connection.execute(AutomationQueries.move(organization, from: place.cursor, to: place.end))
                }
            }
            return false
        }
        try await engine.write { connection in
            // Somebody else may have been here first.
            let moved = try connection.execute(AutomationQueries.move(organization, from: place.cursor, to: entry.position))
            guard moved == 1 else { return }
            for automation in try connection.query(AutomationQueries.listening(in: organization), automations.decode)
            where automation.isAbout(entry.event) && automation.startPosition < entry.position {
                try run(automation, on: entry.event, connection)
            }
        }
        return true
    }

    private struct Place {
        var cursor: Int64
        var end: Int64
        /// Nil: nothing that concerns anybody.
        var next: EventStore.Entry?
    }

    private func place(in organization: OrganizationID, on connection: any RelationalConnection) throws -> Place? {
        let listening = try connection.query(AutomationQueries.listening(in: organization), automations.decode)
        guard let start = listening.map(\.startPosition).min(),
            let cursor = try connection.first(AutomationQueries.cursor(of: organization), { $0.int(0) }),
            let end = try connection.first(EventQueries.newest(in: organization), { $0.int(0) }), end > cursor
        else { return nil }
        let next = try connection.first(
            AutomationQueries.next(
                in: organization, after: max(cursor, start), through: end, types: Set(listening.map(\.trigger.type)))
        ) { EventStore.Entry(position: $0.int(9), event: try EventQueries.decode($0)) }
        return Place(cursor: cursor, end: end, next: next)
    }

    /// Runs an automation whose time on the clock has come. Times that passed while the server was down count as one.
    private func tick(_ id: AutomationID, in organization: OrganizationID, at now: Instant) async throws {
        try await engine.write { connection in
            let found = try connection.first(AutomationQueries.find(id, in: organization), automations.decode)
            // Somebody else may have been here first.
            guard let automation = found, let due = automation.nextRunAt, due <= now else { return }
            try connection.execute(
                """
                UPDATE automation SET next_run_at = \(automation.trigger.next(after: now))
                WHERE organization_id = \(organization) AND id = \(id)
                """)
            try run(automation, on: Self.occasion(of: automation, at: due, now: now), connection)
        }
    }

    /// The time on the clock, in the form of an event.
    static func occasion(of automation: Automation, at due: Instant, now: Instant) -> EventRecord {
        let brand = automation.brandIDs.count == 1 ? automation.brandIDs.first : nil
        let envelope = Envelope(timestamp: now, organizationID: automation.organizationID, brandID: brand, userID: nil)
        let body = envelope.bytes(type: AutomationTrigger.schedule) { writer in
            let data: JSONValue = [
                "automationId": .string(automation.id.rawValue), "scheduledFor": .string(due.description),
                "cron": automation.trigger.params["cron"] ?? .null, "timezone": automation.trigger.params["timezone"] ?? .null,
            ]
            data.write(to: &writer)
        }
        return EventRecord(
            id: ID("schedule/\(due.milliseconds)"), organizationID: automation.organizationID, brandID: brand, userID: nil,
            type: AutomationTrigger.schedule, body: body, scope: EventScope(), isTest: false, createdAt: now)
    }

    // MARK: One run

    /// Runs the automation on this occasion, or writes down why not: on the caller's transaction. Once, however often it is
    /// asked.
    private func run(_ automation: Automation, on event: EventRecord, _ connection: any RelationalConnection) throws {
        let now = ambient.now()
        let isEvent = automation.trigger.timetable == nil
        var run = AutomationRun(
            id: ambient.newID(), organizationID: automation.organizationID, automationID: automation.id,
            occasion: event.id.rawValue, eventType: event.type, eventID: isEvent ? event.id : nil,
            depth: try depth(of: event, on: connection), status: .running, code: nil, reason: nil, results: [], createdAt: now,
            finishedAt: now)
        guard try connection.execute(AutomationRunQueries.insert(run)) == 1 else { return }
        let facts = try facts(of: event, on: connection)
        let refusal = try gate(automation, event, facts: facts.json, depth: run.depth, on: connection).refusal
        if let refusal {
            run.status = .skipped
            (run.code, run.reason) = (refusal.code, refusal.reason)
        } else {
            try act(automation, event, facts, in: &run, connection)
            try connection.execute(
                """
                UPDATE automation SET last_run_at = \(now)
                WHERE organization_id = \(automation.organizationID) AND id = \(automation.id)
                """)
        }
        if run.status == .running { run.finishedAt = nil }
        try connection.execute(AutomationRunQueries.update(run))
    }

    private func gate(
        _ automation: Automation, _ event: EventRecord, facts: JSONValue, depth: Int, on connection: any RelationalConnection
    ) throws -> AutomationGate {
        let now = ambient.now()
        // The run itself is written already, as RUNNING.
        let recent = try connection.first(AutomationRunQueries.count(of: automation, since: now - .seconds(3600))) { $0.int(0) }
        return AutomationGate(
            depth: depth, findings: try automation.findings(of: event, facts: facts), lastRunAt: automation.lastRunAt,
            cooldownSeconds: automation.cooldownSeconds, runsWithinHour: Int(recent ?? 1) - 1,
            maxRunsPerHour: automation.maxRunsPerHour, now: now)
    }

    /// How many automations led here: the event itself was made by one, or what it is about was.
    func depth(of event: EventRecord, on connection: any RelationalConnection) throws -> Int {
        let post = (try? JSONValue(parsing: event.body))?["data"]?["postId"]?.string
        let subjects = [event.id.rawValue, event.scope.entity, post].compactMap(\.self)
        let depth = try connection.first(AutomationQueries.depth(of: subjects, in: event.organizationID)) { $0.optionalInt(0) }
        return Int((depth ?? nil) ?? 0)
    }

    /// The feed's last number. From here on every event of the organization is this transaction's, until it ends.
    func holdFeed(of organization: OrganizationID, on connection: any RelationalConnection) throws -> Int64 {
        try connection.first(AutomationQueries.holdFeed(of: organization)) { $0.int(0) } ?? 0
    }

    func facts(of event: EventRecord, on connection: any RelationalConnection) throws -> AutomationFacts {
        let organization = event.organizationID
        let data = (try? JSONValue(parsing: event.body))?["data"]
        let post = try (data?["postId"]?.string).flatMap { try posts.find(ID($0), in: organization, on: connection) }
        func label(_ id: String?) throws -> String? {
            guard let id else { return nil }
            return try connection.first("SELECT name FROM content_label WHERE organization_id = \(organization) AND id = \(id)")
            {
                $0.text(0)
            }
        }
        let campaign = try (data?["campaignId"]?.string ?? post?.campaignID?.rawValue).flatMap { id in
            try campaigns.find(ID(id), in: organization, on: connection)
        }
        return AutomationFacts(
            event: event, post: post, category: try label(post?.categoryID?.rawValue),
            pillar: try label(post?.pillarID?.rawValue), campaign: campaign,
            timezone: try posts.organizations.settings(of: organization, on: connection).timezone, now: ambient.now())
    }

    /// Does what the automation is to do, all or nothing, and writes down in `run` how it went.
    private func act(
        _ automation: Automation, _ event: EventRecord, _ facts: AutomationFacts, in run: inout AutomationRun,
        _ connection: any RelationalConnection
    ) throws {
        let newest = try holdFeed(of: run.organizationID, on: connection)
        do {
            let present = run
            run.results = try connection.isolated {
                try performAll(of: automation, in: present, event, facts, on: connection)
            }
            run.status = run.results.contains { $0.status == .pending } ? .running : .succeeded
            try connection.execute(
                AutomationQueries.cause(after: newest, in: run.organizationID, depth: run.depth + 1, at: run.createdAt))
        } catch let failure as ActionFailure {
            run.results = failure.results
            run.status = .failed
            (run.code, run.reason) = (failure.code, failure.reason)
        }
    }
}
