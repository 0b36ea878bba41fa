extension APIClient {
    /// Comments and mentions: `client.inbox`.
    public var inbox: Inbox { Inbox(client: self) }

    /// What can be done with comments and mentions.
    public struct Inbox: Sendable {
        let client: APIClient

        /// One page of items, newest first.
        /// - Parameter query: the list's filters, such as `["kind": "COMMENT", "status": "NEW"]`.
        public func list(
            _ query: [String: String] = [:], limit: Int? = nil, cursor: String? = nil
        ) async throws -> Page<InboxItem> {
            try await client.page(["inbox"], query, limit: limit, cursor: cursor)
        }

        /// Every item, page by page.
        public func all(_ query: [String: String] = [:]) -> PagedSequence<InboxItem> { client.all(["inbox"], query) }

        /// One item.
        public func get(_ id: String) async throws -> InboxItem { try await client.get(["inbox", id]) }

        /// Changes an item's `status` or `assigneeUserId`.
        public func update(
            _ id: String, _ change: JSONValue, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> InboxItem {
            try await client.write(.put, ["inbox", id], change, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Answers an item, once: whatever happens, nothing is sent twice.
        public func reply(to id: String, _ text: String, idempotencyKey: String? = nil) async throws -> InboxItem {
            try await client.write(.post, ["inbox", id, "reply"], ["text": text], idempotencyKey: idempotencyKey)
        }

        /// Hides an item from the public, where the platform can.
        public func hide(_ id: String, idempotencyKey: String? = nil) async throws -> InboxItem {
            try await client.write(.post, ["inbox", id, "hide"], idempotencyKey: idempotencyKey)
        }
    }
}
