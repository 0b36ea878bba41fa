extension APIClient {
    /// Content plans: `client.plans`.
    public var plans: Plans { Plans(client: self) }

    /// What can be done with content plans.
    public struct Plans: Sendable {
        let client: APIClient

        /// Shows what a plan would hold; keeps nothing.
        public func preview(_ wish: PlanWish) async throws -> PlanPreview {
            try await client.inEarnest.write(.post, ["plans", "generate-preview"], wish)
        }

        /// One page of plans.
        public func list(limit: Int? = nil, cursor: String? = nil) async throws -> Page<ContentPlan> {
            try await client.page(["plans"], [:], limit: limit, cursor: cursor)
        }

        /// Every plan, page by page.
        public func all() -> PagedSequence<ContentPlan> { client.all(["plans"]) }

        /// Makes a plan.
        public func create(_ wish: PlanWish, idempotencyKey: String? = nil) async throws -> ContentPlan {
            try await client.write(.post, ["plans"], wish, idempotencyKey: idempotencyKey)
        }

        /// One plan.
        public func get(_ id: String) async throws -> ContentPlan { try await client.get(["plans", id]) }

        /// Changes a plan; what the change does not name stays.
        public func update(
            _ id: String, _ change: JSONValue, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> ContentPlan {
            try await client.write(.put, ["plans", id], change, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Deletes a plan; posts that were made from it stay.
        @discardableResult
        public func delete(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["plans", id], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Changes a plan as words say.
        public func revise(_ id: String, _ prompt: String, idempotencyKey: String? = nil) async throws -> RevisedPlan {
            try await client.write(.post, ["plans", id, "revise"], ["prompt": prompt], idempotencyKey: idempotencyKey)
        }

        /// Makes posts of a plan.
        @discardableResult
        public func approve(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> ContentPlan {
            try await client.write(.post, ["plans", id, "approve"], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Drops a plan.
        @discardableResult
        public func cancel(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> ContentPlan {
            try await client.write(.post, ["plans", id, "cancel"], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }
    }
}
