extension APIClient {
    /// The key that this client uses.
    public func me() async throws -> APIKey { try await get(["me"]) }

    /// The organization of the key.
    public func organization() async throws -> Organization { try await get(["organization"]) }

    /// The organization's members, page by page.
    public func members() -> PagedSequence<Member> { all(["members"]) }

    /// What the server is.
    public func meta() async throws -> ServerFacts { try await get(["meta"]) }

    /// Credits: what is left, and when there are new ones.
    public func credits() async throws -> Credits { try await get(["credits"]) }
}
