extension APIClient {
    /// API keys, for a key of scope `admin`: `client.keys`.
    public var keys: Keys { Keys(client: self) }

    /// What can be done with keys.
    public struct Keys: Sendable {
        let client: APIClient

        /// One page of keys.
        public func list(limit: Int? = nil, cursor: String? = nil) async throws -> Page<APIKey> {
            try await client.page(["keys"], [:], limit: limit, cursor: cursor)
        }

        /// Every key, page by page.
        public func all() -> PagedSequence<APIKey> { client.all(["keys"]) }

        /// Makes a key, which is shown this once.
        public func create(_ draft: APIKeyDraft, idempotencyKey: String? = nil) async throws -> NewAPIKey {
            try await client.write(.post, ["keys"], draft, idempotencyKey: idempotencyKey)
        }

        /// What is known about a key.
        public func get(_ id: String) async throws -> APIKey { try await client.get(["keys", id]) }

        /// Makes a key that takes over; the old one goes on for `graceSeconds`.
        public func rotate(_ id: String, graceSeconds: Int? = nil, idempotencyKey: String? = nil) async throws -> NewAPIKey {
            try await client.write(
                .post, ["keys", id, "rotate"], Only("graceSeconds", graceSeconds), idempotencyKey: idempotencyKey)
        }

        /// Ends a key at once.
        @discardableResult
        public func revoke(_ id: String, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["keys", id], idempotencyKey: idempotencyKey)
        }
    }
}
