import Core
import Relational

/// How failing webhooks are remembered, told of, disabled and found well again.
extension WebhookStore {
    func health(
        of id: WebhookID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> WebhookHealth? {
        try connection.first(HealthQueries.find(id, in: organization)) { HealthQueries.decode($0, from: 0) } ?? nil
    }

    func save(_ health: WebhookHealth, of webhook: Webhook, on connection: any RelationalConnection) throws {
        try connection.execute(HealthQueries.save(health, of: webhook.id, in: webhook.organizationID))
    }

    /// Forgets that the webhook failed, tells it if anybody was told of the failure, and enables it again if the server had
    /// disabled it: on the caller's transaction.
    func recover(_ webhook: Webhook, outbox: Outbox, on connection: any RelationalConnection) throws {
        guard let health = try health(of: webhook.id, in: webhook.organizationID, on: connection) else { return }
        try connection.execute(HealthQueries.clear(webhook.id, in: webhook.organizationID))
        let wasDisabled = health.disabledAt != nil && !webhook.isEnabled
        if wasDisabled { try enable(webhook.id, in: webhook.organizationID, EnableInput(), on: connection) }
        guard health.alertedHours > 0 || wasDisabled else { return }
        try outbox.append(
            WebhookRecovered(
                webhookID: webhook.id, url: Webhook.shown(webhook.url), failedFrom: health.failingSince,
                isEnabledAgain: wasDisabled),
            for: webhook.organizationID, brand: nil, user: nil, on: connection)
    }

    /// Tells of webhooks that have failed for a while, and disables those that have for too long.
    /// - Returns: webhooks that are to be probed now.
    package func judgeHealth(outbox: Outbox) async throws -> [Webhook] {
        let due = try await engine.write { connection in
            let now = ambient.now()
            let failing = try connection.query(
                "SELECT \(WebhookQueries.columns) FROM \(WebhookQueries.failing)", WebhookQueries.decode)
            var due: [SealedWebhook] = []
            for sealed in failing {
                let webhook = sealed.webhook
                guard var health = webhook.health else { continue }
                if webhook.isEnabled, let hours = health.alert(at: now) {
                    health.alertedHours = hours
                    try outbox.append(
                        WebhookFailing(
                            webhookID: webhook.id, url: Webhook.shown(webhook.url), failingSince: health.failingSince,
                            hours: hours, failedEvents: health.failedEvents, lastError: health.lastError),
                        for: webhook.organizationID, brand: nil, user: nil, on: connection)
                    try save(health, of: webhook, on: connection)
                }
                if webhook.isEnabled, health.isToBeDisabled(at: now) {
                    try giveUp(webhook, &health, outbox: outbox, at: now, on: connection)
                }
                if !webhook.isEnabled, let probeAt = health.probeAt, probeAt <= now, let disabledAt = health.disabledAt {
                    health.probes += 1
                    health.probeAt = WebhookHealth.nextProbe(after: health.probes, disabledAt: disabledAt, now: now)
                    try save(health, of: webhook, on: connection)
                    due.append(sealed)
                }
            }
            return due
        }
        outbox.wake.signal()
        return try due.map { try open($0).webhook }
    }

    private func giveUp(
        _ webhook: Webhook, _ health: inout WebhookHealth, outbox: Outbox, at now: Instant,
        on connection: any RelationalConnection
    ) throws {
        let reason = "It has accepted nothing since \(health.failingSince); \(health.failedEvents) events failed."
        health.disabledAt = now
        health.probeAt = WebhookHealth.nextProbe(after: 0, disabledAt: now, now: now)
        try save(health, of: webhook, on: connection)
        try disable(webhook.id, in: webhook.organizationID, because: reason, on: connection)
        try outbox.append(
            WebhookDisabled(
                webhookID: webhook.id, url: Webhook.shown(webhook.url), reason: reason, heldUntil: now + heldFor),
            for: webhook.organizationID, brand: nil, user: nil, on: connection)
    }
}
