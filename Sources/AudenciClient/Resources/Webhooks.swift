extension APIClient {
    /// Webhooks and their deliveries: `client.webhooks`.
    public var webhooks: Webhooks { Webhooks(client: self) }

    /// What can be done with webhooks.
    public struct Webhooks: Sendable {
        let client: APIClient

        /// One page of webhooks.
        public func list(limit: Int? = nil, cursor: String? = nil) async throws -> Page<Webhook> {
            try await client.page(["webhooks"], [:], limit: limit, cursor: cursor)
        }

        /// Every webhook, page by page.
        public func all() -> PagedSequence<Webhook> { client.all(["webhooks"]) }

        /// Creates a webhook; the answer has the key of its signatures.
        public func create(_ draft: WebhookDraft, idempotencyKey: String? = nil) async throws -> NewWebhook {
            try await client.write(.post, ["webhooks"], draft, idempotencyKey: idempotencyKey)
        }

        /// One webhook.
        public func get(_ id: String) async throws -> Webhook { try await client.get(["webhooks", id]) }

        /// Changes a webhook; what the change does not name stays.
        public func update(
            _ id: String, _ change: WebhookChange, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> Webhook {
            try await client.write(.put, ["webhooks", id], change, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Deletes a webhook.
        @discardableResult
        public func delete(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["webhooks", id], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Sends a signed sample now, and says how it went.
        public func test(_ id: String, event: EventType? = nil) async throws -> WebhookTest {
            try await client.write(.post, ["webhooks", id, "test"], Only("event", event))
        }

        /// Enables a webhook.
        /// - Parameter recover: what becomes of what it missed: `all`, `latest` with a `count`, or `none`.
        @discardableResult
        public func enable(_ id: String, recover: String? = nil, count: Int? = nil) async throws -> Webhook {
            let body: [String: JSONValue?] = ["recover": recover.map { .string($0) }, "count": count.map { .int(Int64($0)) }]
            return try await client.write(.post, ["webhooks", id, "enable"], body.compactMapValues { $0 })
        }

        /// Disables a webhook; what happens meanwhile is held.
        @discardableResult
        public func disable(_ id: String) async throws -> Webhook {
            try await client.write(.post, ["webhooks", id, "disable"])
        }

        /// What webhooks can ask for.
        public func catalog() -> PagedSequence<CatalogEntry> { client.all(["webhooks", "events"]) }

        // MARK: Keys

        /// The keys that sign now.
        public func secret(_ id: String) async throws -> WebhookSecret { try await client.get(["webhooks", id, "secret"]) }

        /// Makes a new key; both sign until `overlapSeconds` are over or the new one is promoted.
        public func rotateSecret(_ id: String, overlapSeconds: Int? = nil, idempotencyKey: String? = nil) async throws
            -> WebhookSecret
        {
            try await client.write(
                .post, ["webhooks", id, "secret", "rotate"], Only("overlapSeconds", overlapSeconds),
                idempotencyKey: idempotencyKey)
        }

        /// Has the new key take over now.
        public func promoteSecret(_ id: String, idempotencyKey: String? = nil) async throws -> WebhookSecret {
            try await client.write(.post, ["webhooks", id, "secret", "promote"], idempotencyKey: idempotencyKey)
        }
    }
}

/// A body of one member, or of none.
struct Only<Value: Encodable>: Encodable {
    private let members: [String: Value]

    init(_ name: String, _ value: Value?) { members = value.map { [name: $0] } ?? [:] }

    func encode(to encoder: any Encoder) throws { try members.encode(to: encoder) }
}
