import Contract
import Core
import Relational

extension InsightStore {
    /// Makes a sandbox account's platform count what the request says, and what changed due at once: its events name who
    /// asked.
    func inject(_ change: SandboxChange, on account: SocialAccount, for caller: Caller) async throws {
        guard change.followerCount != nil || change.metrics != nil else { return }
        let now = ambient.now()
        try await engine.write { connection in
            if let followers = change.followerCount {
                try begin(account, at: now, on: connection)
                try set(.int(Int64(followers)), InjectedNumbers.followers(of: account.externalID), of: account, on: connection)
                try connection.execute(InsightQueries.request(account.id, by: caller, at: now))
            }
            guard let metrics = change.metrics else { return }
            if let all = metrics.all {
                try merge(all, InjectedNumbers.metrics(ofAccount: account.externalID), of: account, on: connection)
                try connection.execute(InsightQueries.requestPosts(of: account.id, by: caller, at: now))
            }
            for (id, values) in metrics.posts {
                let publication = try connection.first(InsightQueries.publication(id, of: account)) { row in
                    (id: row.id(0, PublicationID.self), platformPostID: row.text(1))
                }
                guard let publication else {
                    throw APIError.invalid("metrics", "names no post that this account shows: \(id.prefix(80))")
                }
                try merge(values, InjectedNumbers.metrics(ofPost: publication.platformPostID), of: account, on: connection)
                try connection.execute(InsightQueries.request(publication.id, by: caller, at: now))
            }
        }
        wake.signal()
    }

    /// An account that was not read yet counts from what its platform shows before the change, so that the change itself
    /// can reach milestones.
    private func begin(_ account: SocialAccount, at now: Instant, on connection: any RelationalConnection) throws {
        try connection.execute(InsightQueries.enroll(account.id, in: account.organizationID, at: now))
        let found = try connection.first(
            InsightQueries.account(account.id, in: account.organizationID), InsightQueries.decodeAccount)
        guard var watch = found, watch.highest == nil else { return }
        let key = InjectedNumbers.followers(of: account.externalID)
        let shown = try state(key, of: account, on: connection)?.int ?? 0
        _ = try record(AccountCounts(followers: shown), of: &watch, user: nil, at: now, on: connection)
        try connection.execute(InsightQueries.update(watch, error: nil))
    }

    private func state(
        _ name: String, of account: SocialAccount, on connection: any RelationalConnection
    ) throws -> JSONValue? {
        let text = try connection.first(
            "SELECT value FROM sandbox_state WHERE platform = \(account.platform) AND name = \(name)"
        ) { $0.text(0) }
        return text.flatMap { try? JSONValue(parsing: $0) }
    }

    private func merge(
        _ values: JSONValue, _ name: String, of account: SocialAccount, on connection: any RelationalConnection
    ) throws {
        let present = try state(name, of: account, on: connection)
        try set(InjectedNumbers.merged(values, over: present), name, of: account, on: connection)
    }

    private func set(
        _ value: JSONValue, _ name: String, of account: SocialAccount, on connection: any RelationalConnection
    ) throws {
        try connection.execute(
            """
            INSERT INTO sandbox_state (platform, name, value) VALUES (\(account.platform), \(name), \(value.text))
            ON CONFLICT (platform, name) DO UPDATE SET value = excluded.value
            """)
    }
}
