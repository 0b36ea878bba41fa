package import Core
import Relational

/// Hands open work to the dispatcher.
extension DeliveryStore {
    /// A webhook with open work.
    package struct OpenWork: Sendable {
        package var webhook: WebhookID
        package var organization: OrganizationID
        /// When the first piece of it is due: a delivery, or the end of a lease.
        package var due: Instant
    }

    /// Webhooks with open work, in the order of their ids.
    package func openWork() async throws -> [OpenWork] {
        try await engine.read { connection in
            var all: [WebhookID: OpenWork] = [:]
            for open in DeliveryQueries.Open.allCases {
                let rows = try connection.query(DeliveryQueries.openWork(open)) { row in
                    OpenWork(webhook: row.id(0), organization: row.id(2), due: row.instant(1))
                }
                for row in rows where row.due < all[row.webhook]?.due ?? Instant(milliseconds: .max) { all[row.webhook] = row }
            }
            return all.values.sorted { $0.webhook < $1.webhook }
        }
    }

    /// Takes due deliveries of these webhooks, at most so many of each, for `lease`.
    ///
    /// Leases that have run out come first. Of the rest, first attempts get 70 % and retries 30 %, and what one of them
    /// does not need the other may have: a storm of retries does not hold up what happens now.
    package func claim(_ shares: [(webhook: WebhookID, limit: Int)], lease: Duration) async throws -> [Delivery] {
        try await engine.write { connection in
            let now = ambient.now()
            var all: [Delivery] = []
            for share in shares {
                var claimed: [Delivery] = []
                func take(_ open: DeliveryQueries.Open, _ limit: Int) throws -> Int {
                    guard limit > 0 else { return 0 }
                    let query = DeliveryQueries.claim(open, of: share.webhook, now: now, leaseUntil: now + lease, limit: limit)
                    let more = try connection.query(query, DeliveryQueries.decode)
                    // The order of RETURNING is nobody's promise.
                    claimed += more.sorted { $0.sequence < $1.sequence }
                    return more.count
                }
                _ = try take(.inFlight, share.limit)
                let room = share.limit - claimed.count
                let forFirst = room - room * 3 / 10
                let first = try take(.pending, forFirst)
                _ = try take(.retrying, share.limit - claimed.count)
                if first == forFirst { _ = try take(.pending, share.limit - claimed.count) }
                all += claimed
            }
            return all
        }
    }

    /// What is sent of an event.
    package struct EventMaterial: Sendable {
        package var body: [UInt8]
        package var isTest: Bool
    }

    /// The stored bodies of these deliveries' events, and their webhooks as they are now.
    package func material(
        for deliveries: [Delivery]
    ) async throws -> (events: [EventID: EventMaterial], webhooks: [WebhookID: WebhookStore.SealedWebhook]) {
        try await engine.read { [webhooks] connection in
            var events: [EventID: EventMaterial] = [:]
            var sealed: [WebhookID: WebhookStore.SealedWebhook] = [:]
            for delivery in deliveries {
                if events[delivery.eventID] == nil {
                    events[delivery.eventID] = try connection.first(
                        """
                        SELECT body, is_test FROM event
                        WHERE organization_id = \(delivery.organizationID) AND id = \(delivery.eventID)
                        """
                    ) { EventMaterial(body: Array($0.text(0).utf8), isTest: $0.bool(1)) }
                }
                if sealed[delivery.webhookID] == nil {
                    sealed[delivery.webhookID] = try webhooks.sealed(
                        delivery.webhookID, in: delivery.organizationID, on: connection)
                }
            }
            return (events, sealed)
        }
    }

    /// Ends claims without an attempt, all in one transaction: each delivery as it stands, unless its claim was lost. What
    /// was to be held is due again when its webhook was enabled meanwhile: enabling has recovered what was held by then, and
    /// would never see what is held after it.
    package func settle(_ deliveries: [Delivery]) async throws {
        guard !deliveries.isEmpty else { return }
        let now = ambient.now()
        try await engine.write { connection in
            for delivery in deliveries {
                let isEnabled =
                    try delivery.state == .held
                    && webhooks.sealed(delivery.webhookID, in: delivery.organizationID, on: connection)?.webhook.isEnabled
                        == true
                try connection.execute(
                    isEnabled ? DeliveryQueries.giveBack(delivery, now: now) : DeliveryQueries.finish(delivery))
            }
        }
    }

    /// Makes the claims of a process that is gone due at once; a worker that is not gone writes nothing, for the next claim
    /// moves the lease token on.
    package func releaseAll() async throws {
        let now = ambient.now()
        try await engine.write { connection in
            try connection.execute("UPDATE delivery SET wake_at = \(now) WHERE state = 'in_flight'")
        }
    }

    /// Gives back what was claimed and not begun.
    package func release(_ deliveries: [Delivery]) async throws {
        guard !deliveries.isEmpty else { return }
        let now = ambient.now()
        try await engine.write { connection in
            for delivery in deliveries { try connection.execute(DeliveryQueries.giveBack(delivery, now: now)) }
        }
    }

    /// How many deliveries are in each state of open work, for metrics.
    package func queueDepth() async throws -> [(state: Delivery.State, count: Int64)] {
        try await engine.read { connection in
            try DeliveryQueries.Open.allCases.map { open in
                (state: open.state, count: try connection.first(DeliveryQueries.depth(open)) { $0.int(0) } ?? 0)
            }
        }
    }
}
