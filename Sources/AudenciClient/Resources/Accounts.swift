extension APIClient {
    /// Profiles on platforms: `client.accounts`.
    public var accounts: Accounts { Accounts(client: self) }

    /// What can be done with social accounts.
    public struct Accounts: Sendable {
        let client: APIClient

        /// One page of accounts.
        public func list(
            platform: Platform? = nil, brandId: String? = nil, limit: Int? = nil, cursor: String? = nil
        ) async throws -> Page<SocialAccount> {
            try await client.page(["social", "accounts"], filter(platform, brandId), limit: limit, cursor: cursor)
        }

        /// Every account, page by page.
        public func all(platform: Platform? = nil, brandId: String? = nil) -> PagedSequence<SocialAccount> {
            client.all(["social", "accounts"], filter(platform, brandId))
        }

        /// Connects an account by its token; a sandbox one needs none.
        public func connect(_ draft: SocialAccountDraft, idempotencyKey: String? = nil) async throws -> SocialAccount {
            try await client.write(.post, ["social", "accounts"], draft, idempotencyKey: idempotencyKey)
        }

        /// Begins to connect an account by OAuth: where a person agrees in a browser.
        public func authorize(
            _ platform: Platform, _ draft: AccountAuthorizationDraft, idempotencyKey: String? = nil
        ) async throws -> AccountAuthorization {
            try await client.write(.post, ["social", "connect", platform.rawValue], draft, idempotencyKey: idempotencyKey)
        }

        /// Asks the platform now whether the account can publish.
        public func verify(_ id: String, idempotencyKey: String? = nil) async throws -> SocialAccount {
            try await client.write(.post, ["social", "accounts", id, "verify"], idempotencyKey: idempotencyKey)
        }

        /// One account.
        public func get(_ id: String) async throws -> SocialAccount { try await client.get(["social", "accounts", id]) }

        /// Gives an account a new token, or disables it.
        public func update(
            _ id: String, _ change: SocialAccountChange, ifMatch: ETag? = nil, idempotencyKey: String? = nil
        ) async throws -> SocialAccount {
            try await client.write(.put, ["social", "accounts", id], change, ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        /// Disconnects an account; what it published stays.
        @discardableResult
        public func disconnect(_ id: String, ifMatch: ETag? = nil, idempotencyKey: String? = nil) async throws -> Deleted {
            try await client.write(.delete, ["social", "accounts", id], ifMatch: ifMatch, idempotencyKey: idempotencyKey)
        }

        private func filter(_ platform: Platform?, _ brandId: String?) -> [String: String] {
            var query = Query()
            query.add("platform", platform?.rawValue)
            query.add("brandId", brandId)
            return query.parameters
        }
    }
}
