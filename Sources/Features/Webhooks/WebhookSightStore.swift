package import Contract
package import Core
import Relational

/// Which webhooks a caller sees. A webhook gets what its filter lets through, so a key that is limited to brands sees the
/// webhooks whose filter names none but these, and makes no others.
extension WebhookStore {
    /// The webhook, or 404; also when it may get what the caller may not see.
    package func get(_ id: WebhookID, for caller: Caller) async throws -> Webhook {
        try await opened(id, for: caller).webhook
    }

    /// The webhook and its signing keys, or 404.
    package func opened(_ id: WebhookID, for caller: Caller) async throws -> (webhook: Webhook, secrets: SecretRing) {
        guard let sealed = try await sealed(id, in: caller.organizationID), sealed.isVisible(to: caller)
        else { throw APIError.notFound("webhook") }
        return try open(sealed)
    }

    package func list(for caller: Caller, page: PageRequest) async throws -> Page<Webhook> {
        guard !caller.brandIDs.isEmpty else { return try await list(in: caller.organizationID, page: page) }
        // There are 50 at most.
        let all = try await engine.read { connection in
            try connection.query(
                """
                SELECT \(WebhookQueries.columns) FROM \(WebhookQueries.table)
                WHERE webhook.organization_id = \(caller.organizationID) AND webhook.deleted_at IS NULL
                ORDER BY webhook.id DESC
                """, WebhookQueries.decode)
        }
        return try page.page(of: all.filter { $0.isVisible(to: caller) }) { Cursor($0.webhook.id) }.map { try open($0).webhook }
    }

    /// Whether the caller sees a webhook that something else, such as a delivery, belongs to.
    func isVisible(_ id: WebhookID, to caller: Caller) async throws -> Bool {
        guard !caller.brandIDs.isEmpty else { return true }
        return try await sealed(id, in: caller.organizationID)?.isVisible(to: caller) ?? false
    }

    /// Limits a webhook's filter to the caller's brands, where it names none.
    /// - Throws: 400 when it names others.
    static func confine(_ webhook: inout Webhook, to caller: Caller) throws(APIError) {
        guard !caller.brandIDs.isEmpty else { return }
        let named = WebhookFilter.brands(in: webhook.filter)
        guard named.isEmpty || caller.mayGrant(named) else {
            throw APIError.invalid("filter.brandIds", "must name brands that your key may see")
        }
        guard named.isEmpty else { return }
        let brands = JSONValue.Member("brandIds", .array(caller.brandIDs.map { .string($0.rawValue) }))
        webhook.filter = .object([brands] + (webhook.filter?.object ?? []))
    }
}

extension WebhookStore.SealedWebhook {
    func isVisible(to caller: Caller) -> Bool {
        guard !caller.brandIDs.isEmpty else { return true }
        return caller.mayGrant(WebhookFilter.brands(in: filter.flatMap { try? JSONValue(parsing: $0) }))
    }
}

extension WebhookFilter {
    /// The brands that a filter lets through; none: all.
    static func brands(in filter: JSONValue?) -> [BrandID] {
        filter?["brandIds"]?.array?.compactMap { $0.string.map { BrandID($0) } } ?? []
    }
}
