extension APIClient {
    /// URLs that take any request, to rehearse deliveries: `client.bins`.
    public var bins: Bins { Bins(client: self) }

    /// What can be done with request bins.
    public struct Bins: Sendable {
        let client: APIClient

        /// Every bin, page by page.
        public func all() -> PagedSequence<Bin> { client.all(["bins"]) }

        /// Makes a bin.
        public func create(_ input: BinInput = BinInput(), idempotencyKey: String? = nil) async throws -> Bin {
            try await client.write(.post, ["bins"], input, idempotencyKey: idempotencyKey)
        }

        /// One bin.
        public func get(_ id: String) async throws -> Bin { try await client.get(["bins", id]) }

        /// Has a bin behave differently.
        public func update(_ id: String, _ input: BinInput, idempotencyKey: String? = nil) async throws -> Bin {
            try await client.write(.put, ["bins", id], input, idempotencyKey: idempotencyKey)
        }

        /// Deletes a bin and what it took.
        @discardableResult
        public func delete(_ id: String, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["bins", id], idempotencyKey: idempotencyKey)
        }

        /// What a bin took, page by page.
        public func requests(_ id: String) -> PagedSequence<BinRequest> { client.all(["bins", id, "requests"]) }
    }
}
