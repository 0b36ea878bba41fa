import Core
import Features
import Synchronization

/// Webhooks with their secrets opened, by version: a change of the webhook is a new version and is seen with the next
/// claim. Bounded.
final class WebhookCache: Sendable {
    private let entries = Mutex<[WebhookID: (webhook: Webhook, secrets: SecretRing)]>([:])
    private static let capacity = 4096

    func open(_ sealed: WebhookStore.SealedWebhook, with store: WebhookStore) throws -> (webhook: Webhook, secrets: SecretRing)
    {
        let id = sealed.webhook.id
        if var entry = entries.withLock({ $0[id] }), entry.webhook.version == sealed.webhook.version {
            // Health comes and goes without a new version.
            entry.webhook.health = sealed.webhook.health
            return entry
        }
        let entry = try store.open(sealed)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[id] = entry
        }
        return entry
    }
}
