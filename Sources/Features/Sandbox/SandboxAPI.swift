package import Contract
import Core

/// Lets users rehearse: see what a sandbox account shows, and make its platform misbehave.
package struct SandboxAPI: Sendable {
    let sandbox: SandboxStore
    let accounts: AccountStore
    let insights: InsightStore

    package init(sandbox: SandboxStore, accounts: AccountStore, insights: InsightStore) {
        self.sandbox = sandbox
        self.accounts = accounts
        self.insights = insights
    }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: SocialAccountID.self, "The sandbox account.")
        return [
            Endpoint(
                "GET", "/api/sandbox/accounts/{id}/posts", id: "sandbox.posts",
                "List what is visible on a sandbox account's platform, newest first, at most 100.", scope: .readOnly, id
            ) { caller, id in
                let account = try await account(id, for: caller)
                let posts = try await sandbox.posts(platform: account.platform, account: account.externalID, limit: 100)
                return Paged(Page(items: posts, nextCursor: nil))
            },
            Endpoint(
                "PUT", "/api/sandbox/accounts/{id}", id: "sandbox.update",
                "Set what a sandbox account's platform counts, or arm a fault on it. New numbers are read at once.",
                scope: .readWrite,
                id, JSONBody(SandboxChange.self)
            ) { caller, id, change in
                let account = try await account(id, for: caller)
                try await insights.inject(change, on: account, for: caller)
                if let fault = change.fault {
                    try await sandbox.arm(fault, platform: account.platform, account: account.externalID)
                }
                return OK(account)
            },
        ]
    }

    private func account(_ id: SocialAccountID, for caller: Caller) async throws -> SocialAccount {
        guard let account = try await accounts.find(id, for: caller) else { throw APIError.notFound("social account") }
        guard account.isSandbox else { throw APIError.invalid("id", "names an account that is no sandbox account") }
        return account
    }
}
