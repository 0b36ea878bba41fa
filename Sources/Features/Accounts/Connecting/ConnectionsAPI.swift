package import Contract
import Core

/// Connecting by OAuth, and asking for an account's health.
package struct ConnectionsAPI: Sendable {
    let connections: ConnectionStore
    let checker: any AccountChecker

    package init(connections: ConnectionStore, checker: any AccountChecker) {
        self.connections = connections
        self.checker = checker
    }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "POST", "/api/social/connect/{platform}", id: "accounts.authorize",
                "Begin to connect an account by OAuth: where a person agrees. It works once, for ten minutes.", scope: .admin,
                canRehearse: false, PathParameter("platform", as: String.self, "The platform: mastodon, instagram, facebook."),
                JSONBody(ConnectionInput.self)
            ) { caller, platform, input in
                OK(try await connections.start(platform, input, for: caller))
            },
            Endpoint(
                "POST", "/api/social/accounts/{id}/verify", id: "accounts.verify",
                "Ask the platform now whether the account can publish; renews its token when that helps.", scope: .readWrite,
                role: .admin, canRehearse: false, PathParameter("id", as: SocialAccountID.self, "The social account.")
            ) { caller, id in
                guard let account = try await connections.accounts.find(id, for: caller) else {
                    throw APIError.notFound("social account")
                }
                try caller.checkVersion(account.version)
                guard let checked = try await checker.check(id, in: caller.organizationID) else {
                    throw APIError.notFound("social account")
                }
                return OK(checked)
            },
        ]
    }
}
