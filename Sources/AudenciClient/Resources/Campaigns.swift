extension APIClient {
    /// Campaigns: `client.campaigns`.
    public var campaigns: Campaigns { Campaigns(client: self) }

    /// What can be done with campaigns.
    public struct Campaigns: Sendable {
        let client: APIClient

        /// One page of campaigns.
        public func list(
            status: [CampaignStatus] = [], brandId: String? = nil, limit: Int? = nil, cursor: String? = nil
        ) async throws -> Page<Campaign> {
            try await client.page(["campaigns"], filter(status, brandId), limit: limit, cursor: cursor)
        }

        /// Every campaign, page by page.
        public func all(status: [CampaignStatus] = [], brandId: String? = nil) -> PagedSequence<Campaign> {
            client.all(["campaigns"], filter(status, brandId))
        }

        /// Creates a campaign.
        public func create(_ draft: CampaignDraft, idempotencyKey: String? = nil) async throws -> Campaign {
            try await client.write(.post, ["campaigns"], draft, idempotencyKey: idempotencyKey)
        }

        /// One campaign.
        public func get(_ id: String) async throws -> Campaign { try await client.get(["campaigns", id]) }

        /// Changes a campaign; what the change does not name stays.
        public func update(
            _ id: String, _ change: CampaignChange, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> Campaign {
            try await client.write(.put, ["campaigns", id], change, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Deletes a campaign; its posts stay.
        @discardableResult
        public func delete(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["campaigns", id], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Holds a campaign up.
        @discardableResult
        public func pause(_ id: String, ifMatch: ETag? = nil) async throws -> Campaign {
            try await client.write(.post, ["campaigns", id, "pause"], ifMatch: ifMatch)
        }

        /// Goes on with a campaign that was paused.
        @discardableResult
        public func resume(_ id: String, ifMatch: ETag? = nil) async throws -> Campaign {
            try await client.write(.post, ["campaigns", id, "resume"], ifMatch: ifMatch)
        }

        /// Ends a campaign for good.
        @discardableResult
        public func cancel(_ id: String, ifMatch: ETag? = nil) async throws -> Campaign {
            try await client.write(.post, ["campaigns", id, "cancel"], ifMatch: ifMatch)
        }

        /// What became of its posts.
        public func summary(_ id: String) async throws -> CampaignSummary {
            try await client.get(["campaigns", id, "summary"])
        }

        private func filter(_ status: [CampaignStatus], _ brandId: String?) -> [String: String] {
            var query = Query()
            query.add("status", status)
            query.add("brandId", brandId)
            return query.parameters
        }
    }
}
