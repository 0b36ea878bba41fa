extension APIClient {
    /// Brands: `client.brands`.
    public var brands: Brands { Brands(client: self) }

    /// What can be done with brands.
    public struct Brands: Sendable {
        let client: APIClient

        /// One page of brands.
        public func list(limit: Int? = nil, cursor: String? = nil) async throws -> Page<Brand> {
            try await client.page(["brands"], [:], limit: limit, cursor: cursor)
        }

        /// Every brand, page by page.
        public func all() -> PagedSequence<Brand> { client.all(["brands"]) }

        /// Creates a brand.
        public func create(_ input: BrandInput, idempotencyKey: String? = nil) async throws -> Brand {
            try await client.write(.post, ["brands"], input, idempotencyKey: idempotencyKey)
        }

        /// One brand.
        public func get(_ id: String) async throws -> Brand { try await client.get(["brands", id]) }

        /// Changes a brand; what is not named stays.
        public func update(
            _ id: String, _ input: BrandInput, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> Brand {
            try await client.write(.put, ["brands", id], input, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Deletes a brand.
        @discardableResult
        public func delete(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["brands", id], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }
    }
}
