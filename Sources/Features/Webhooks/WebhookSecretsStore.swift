package import Contract
package import Core
import Relational

/// The keys that sign, sealed one by one.
extension WebhookStore {
    func sealSecrets(_ ring: SecretRing, of webhook: Webhook) throws -> String {
        let keys = try ring.keys.map { key in
            var members: [JSONValue.Member] = [
                .init(
                    "sealed", .string(try box.seal(key.secret, context: context("secret", webhook.organizationID, webhook.id)))),
                .init("from", .int(key.from.milliseconds)),
            ]
            if let until = key.until { members.append(.init("until", .int(until.milliseconds))) }
            return JSONValue.object(members)
        }
        return JSONValue.array(keys).text
    }

    func openSecrets(_ text: String, of webhook: Webhook) throws -> SecretRing {
        SecretRing(
            keys: try (try JSONValue(parsing: text).array ?? []).map { key in
                SecretRing.Key(
                    secret: try box.open(
                        key["sealed"]?.string ?? "", context: context("secret", webhook.organizationID, webhook.id)),
                    from: Instant(milliseconds: key["from"]?.int ?? 0),
                    until: key["until"]?.int.map { Instant(milliseconds: $0) })
            })
    }

    /// The keys, for somebody who asked: that they were shown is recorded before they are.
    package func revealSecrets(of id: WebhookID, for caller: Caller, outbox: Outbox) async throws -> SecretRing {
        let (webhook, ring) = try await opened(id, for: caller)
        try await engine.write { connection in
            try tell(.shown, of: webhook, by: caller, outbox, on: connection)
        }
        outbox.wake.signal()
        return ring
    }

    private func tell(
        _ action: WebhookSecretRevealed.Action, of webhook: Webhook, by caller: Caller, _ outbox: Outbox,
        on connection: any RelationalConnection
    ) throws {
        try outbox.append(
            WebhookSecretRevealed(
                webhookID: webhook.id, url: Webhook.shown(webhook.url), action: action, keyID: caller.keyID),
            for: caller.organizationID, brand: nil, user: caller.userID, on: connection)
    }

    /// Adds a key and returns the webhook's keys as they are then.
    package func rotateSecret(
        of id: WebhookID, overlap: Duration, for caller: Caller, outbox: Outbox
    ) async throws -> SecretRing {
        let secret = Signature.newSecret(ambient)
        return try await changeSecrets(of: id, as: .rotated, for: caller, outbox) { ring, now in
            guard ring.rotate(to: secret, overlap: overlap, now: now) else {
                throw APIError(
                    .conflict,
                    "The webhook has \(SecretRing.maximumLive) keys that sign already; wait until one has run out, or rotate with mode immediate."
                )
            }
        }
    }

    /// Lets the newest key make `X-Audenci-Signature` from now on.
    package func promoteSecret(of id: WebhookID, for caller: Caller, outbox: Outbox) async throws -> SecretRing {
        try await changeSecrets(of: id, as: .promoted, for: caller, outbox) { ring, now in
            guard ring.promote(now: now) else {
                throw APIError(.conflict, "The webhook has no key that waits; rotate first.")
            }
        }
    }

    private func changeSecrets(
        of id: WebhookID, as action: WebhookSecretRevealed.Action, for caller: Caller, _ outbox: Outbox,
        _ change: @Sendable (inout SecretRing, Instant) throws -> Void
    ) async throws -> SecretRing {
        var (webhook, ring) = try await opened(id, for: caller)
        let now = ambient.now()
        try change(&ring, now)
        webhook.updatedAt = now
        let sealed = try seal(webhook, ring)
        try await engine.write { connection in
            guard try connection.execute(WebhookQueries.update(sealed, from: sealed.webhook.version)) == 1 else {
                throw APIError(.conflict, "The webhook was changed by another request at the same time; repeat.")
            }
            try tell(action, of: sealed.webhook, by: caller, outbox, on: connection)
        }
        outbox.wake.signal()
        return ring
    }
}
