package import Contract
import Core

/// Lets users rehearse: see what a sandbox account shows, and make its platform misbehave.
package struct SandboxAPI: Sendable {
    let sandbox: SandboxStore
    let accounts: AccountStore
    let inbox: InboxStore
    let insights: InsightStore

    package init(sandbox: SandboxStore, accounts: AccountStore, inbox: InboxStore, insights: InsightStore) {
        self.sandbox = sandbox
        self.accounts = accounts
        self.inbox = inbox
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
                "GET", "/api/sandbox/accounts/{id}/comments", id: "sandbox.remarks",
                "List what is said on a sandbox account's platform: comments, mentions and our answers, newest first, at most 100.",
                scope: .readOnly, id
            ) { caller, id in
                let account = try await account(id, for: caller)
                let remarks = try await sandbox.remarks(platform: account.platform, account: account.externalID, limit: 100)
                return Paged(Page(items: remarks, nextCursor: nil))
            },
            Endpoint(
                "POST", "/api/sandbox/accounts/{id}/comments", id: "sandbox.comment",
                "Let somebody comment on a post of a sandbox account.", scope: .readWrite, id,
                JSONBody(SandboxCommentInput.self)
            ) { caller, id, input in
                let remark = try await sandbox.comment(input, on: try await account(id, for: caller), in: inbox)
                return Created(remark, at: "/api/sandbox/accounts/\(id)/comments")
            },
            Endpoint(
                "POST", "/api/sandbox/accounts/{id}/mentions", id: "sandbox.mention",
                "Let somebody mention a sandbox account.", scope: .readWrite, id, JSONBody(SandboxMentionInput.self)
            ) { caller, id, input in
                let remark = try await sandbox.mention(input, of: try await account(id, for: caller), in: inbox)
                return Created(remark, at: "/api/sandbox/accounts/\(id)/comments")
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
