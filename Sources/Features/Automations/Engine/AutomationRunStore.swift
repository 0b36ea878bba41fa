package import Contract
package import Core
package import Relational

/// Runs automations, and keeps the log of it. Each event makes each automation run once: the place in the feed, the run, what
/// it did in the database and what it is to do outside are one transaction.
package struct AutomationRunStore: Sendable {
    package let automations: AutomationStore
    let posts: PostStore
    let campaigns: CampaignStore
    let events: EventStore
    let mails: MailStore
    let notifications: NotificationStore
    /// Ends the pause of whoever works outside the database.
    package let wake = WakeSignal()
    /// How long the log is kept.
    package static let kept = Duration.seconds(30 * 86_400)

    package var engine: any RelationalEngine { automations.engine }
    package var ambient: Ambient { automations.ambient }

    package init(
        automations: AutomationStore, posts: PostStore, campaigns: CampaignStore, events: EventStore, mails: MailStore,
        notifications: NotificationStore
    ) {
        self.automations = automations
        self.posts = posts
        self.campaigns = campaigns
        self.events = events
        self.mails = mails
        self.notifications = notifications
    }

    // MARK: The log

    /// The automation's runs, newest first.
    package func list(
        _ filter: AutomationRunFilter, of id: AutomationID, for caller: Caller, page: PageRequest
    ) async throws -> Page<AutomationRun> {
        try await engine.read { connection in
            _ = try automations.get(id, for: caller, on: connection)
            let rows = try connection.query(
                AutomationRunQueries.list(filter, of: id, in: caller.organizationID, page), AutomationRunQueries.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// Forgets a bounded part of what is over.
    /// - Returns: whether there may be more.
    package func prune() async throws -> Bool {
        let now = ambient.now()
        // Causes stay longer: what was scheduled far ahead is still part of its chain when its time comes.
        let old = [
            AutomationQueries.prune("automation_run", before: now - Self.kept, and: "status <> 'RUNNING'"),
            AutomationQueries.prune("automation_task", before: now - Self.kept, and: "state <> 'PENDING'"),
            AutomationQueries.prune("automation_cause", before: now - .seconds(400 * 86_400)),
            AutomationQueries.prune("notification", before: now - .seconds(90 * 86_400)),
        ]
        return try await engine.write { connection in
            var removed = 0
            for query in old { removed += try connection.execute(query) }
            return removed > 0
        }
    }

    /// Waits until an event may have been committed, at most a second.
    package func change() async { await events.change() }
}
