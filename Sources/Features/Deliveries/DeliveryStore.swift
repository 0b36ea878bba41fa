package import Contract
package import Core
package import Relational

/// Reads deliveries and attempts, and hands open work to the dispatcher.
package struct DeliveryStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let webhooks: WebhookStore

    package init(engine: any RelationalEngine, ambient: Ambient, webhooks: WebhookStore) {
        self.engine = engine
        self.ambient = ambient
        self.webhooks = webhooks
    }

    // MARK: Reading

    package func get(_ id: DeliveryID, in organization: OrganizationID) async throws -> Delivery {
        let found = try await engine.readByKey {
            try $0.first(DeliveryQueries.find(id, in: organization), DeliveryQueries.decode)
        }
        guard let found else { throw APIError.notFound("delivery") }
        return found
    }

    package func list(
        of webhook: WebhookID, _ filter: DeliveryFilter, in organization: OrganizationID, page: PageRequest
    ) async throws -> Page<Delivery> {
        try await engine.read { connection in
            let rows = try connection.query(
                DeliveryQueries.list(webhook, filter, in: organization, page), DeliveryQueries.decode)
            return page.page(rows) { Cursor(key: String($0.sequence)) }
        }
    }

    package func attempts(of id: DeliveryID, in organization: OrganizationID, page: PageRequest) async throws -> Page<Attempt> {
        _ = try await get(id, in: organization)
        let after = page.after.flatMap { Int64($0.key) } ?? 0
        return try await engine.read { connection in
            let rows = try connection.query(
                DeliveryQueries.attempts(of: id, in: organization, after: after, limit: page.limit + 1),
                DeliveryQueries.decodeAttempt)
            return page.page(rows) { Cursor(key: String($0.number)) }
        }
    }

    /// Makes the delivery due now, whatever its state. What the schedule would have done next keeps its place, for the case
    /// that this fails.
    package func resend(_ id: DeliveryID, for caller: Caller) async throws -> Delivery {
        try await engine.write { connection in
            guard
                var delivery = try connection.first(DeliveryQueries.find(id, in: caller.organizationID), DeliveryQueries.decode)
            else { throw APIError.notFound("delivery") }
            guard let webhook = try webhooks.sealed(delivery.webhookID, in: caller.organizationID, on: connection)?.webhook
            else {
                throw APIError(.conflict, "The delivery's webhook was deleted.")
            }
            guard webhook.isEnabled else { throw APIError(.conflict, "The webhook is disabled; enable it first.") }
            guard delivery.state != .inFlight else { throw APIError(.conflict, "The delivery is being sent at this moment.") }
            let isScheduled = delivery.state == .retrying || delivery.state == .pending
            if isScheduled, delivery.trigger != .manual { delivery.resumeAt = delivery.wakeAt }
            delivery.state = .pending
            delivery.trigger = .manual
            delivery.wakeAt = ambient.now()
            try connection.execute(
                """
                UPDATE delivery SET state = 'pending', triggered_by = 'manual', wake_at = \(delivery.wakeAt),
                    resume_at = \(delivery.resumeAt)
                WHERE organization_id = \(delivery.organizationID) AND id = \(id)
                """)
            return delivery
        }
    }

    // MARK: Working

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

    /// The stored bodies of these deliveries' events, and their webhooks as they are now.
    package func material(
        for deliveries: [Delivery]
    ) async throws -> (bodies: [EventID: String], webhooks: [WebhookID: WebhookStore.SealedWebhook]) {
        try await engine.read { [webhooks] connection in
            var bodies: [EventID: String] = [:]
            var sealed: [WebhookID: WebhookStore.SealedWebhook] = [:]
            for delivery in deliveries {
                if bodies[delivery.eventID] == nil {
                    bodies[delivery.eventID] = try connection.first(
                        """
                        SELECT body FROM event
                        WHERE organization_id = \(delivery.organizationID) AND id = \(delivery.eventID)
                        """
                    ) { $0.text(0) }
                }
                if sealed[delivery.webhookID] == nil {
                    sealed[delivery.webhookID] = try webhooks.sealed(
                        delivery.webhookID, in: delivery.organizationID, on: connection)
                }
            }
            return (bodies, sealed)
        }
    }

    /// Writes an attempt and what it made of its delivery, unless another worker has claimed the delivery since.
    /// - Parameter disabling: why the webhook is disabled by this attempt; nil when it is not.
    /// - Returns: false when the claim was lost and nothing was written.
    package func record(_ attempt: Attempt?, of delivery: Delivery, disabling: String? = nil) async throws -> Bool {
        try await engine.write { connection in
            guard try connection.execute(DeliveryQueries.finish(delivery)) == 1 else { return false }
            if let attempt { try connection.execute(DeliveryQueries.insert(attempt, of: delivery)) }
            if let disabling {
                try webhooks.disable(delivery.webhookID, in: delivery.organizationID, because: disabling, on: connection)
            }
            return true
        }
    }

    /// Ends claims without an attempt, all in one transaction: each delivery as it stands, unless its claim was lost.
    package func settle(_ deliveries: [Delivery]) async throws {
        guard !deliveries.isEmpty else { return }
        try await engine.write { connection in
            for delivery in deliveries { try connection.execute(DeliveryQueries.finish(delivery)) }
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
            for delivery in deliveries {
                try connection.execute(
                    """
                    UPDATE delivery SET wake_at = \(now)
                    WHERE organization_id = \(delivery.organizationID) AND id = \(delivery.id)
                      AND lease_token = \(delivery.leaseToken) AND state = 'in_flight'
                    """)
            }
        }
    }

    /// Logs a test: an event of its own and a claimed delivery that no schedule will touch.
    package func beginTest(_ webhook: Webhook, type: String, body: [UInt8]) async throws -> Delivery {
        try await engine.write { connection in
            let now = ambient.now()
            let event: EventID = ambient.newID()
            try connection.execute(
                """
                INSERT INTO event (organization_id, id, brand_id, user_id, type, body, created_at)
                VALUES (\(webhook.organizationID), \(event), \(BrandID?.none), \(UserID?.none), \(type),
                        \(String(decoding: body, as: UTF8.self)), \(now))
                """)
            let sequence = try FanOut.nextSequence(of: webhook.id, in: webhook.organizationID, on: connection)
            let delivery = Delivery(
                id: ambient.newID(), organizationID: webhook.organizationID, webhookID: webhook.id, eventID: event, event: type,
                sequence: sequence, state: .inFlight, trigger: .test, attempts: 0, autoAttempts: 0, wakeAt: now + .seconds(60),
                resumeAt: nil, leaseToken: 1, lastStatusCode: nil, lastErrorClass: nil, createdAt: now, deliveredAt: nil)
            try connection.execute(DeliveryQueries.insert(delivery))
            return delivery
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
