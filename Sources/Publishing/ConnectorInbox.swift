import Contract
import Core
package import Features
import Platforms

/// What the inbox wants of the connectors.
package struct ConnectorInbox: InboxPlatforms {
    let tokens: TokenKeeper
    let sessions: PlatformSessions
    /// Where Meta is: as everybody knows it, and as the operator says.
    private let graphOrigins: Set<String>

    /// - Parameter graphURL: the operator's address of Graph, when it is another than everybody's.
    package init(tokens: TokenKeeper, sessions: PlatformSessions, graphURL: String? = nil) {
        self.tokens = tokens
        self.sessions = sessions
        graphOrigins = Set([ConnectorPlatforms.graphURL, graphURL ?? ConnectorPlatforms.graphURL].map(AccountAddress.origin))
    }

    package func isToldByWebhooks(_ account: SocialAccount) -> Bool {
        account.isSandbox || graphOrigins.contains(AccountAddress.origin(of: account.baseURL))
    }

    package func issue(withReply text: String, to item: InboxItem) -> String? {
        guard PlatformList.inbox(for: item.platform) != nil else {
            return "cannot be sent: this version does not answer on \(item.platform.rawValue)"
        }
        guard let limit = PlatformList.replyLimit(on: item.platform), text.count > limit else { return nil }
        return "must have at most \(limit) characters on \(item.platform.rawValue), it has \(text.count)"
    }

    package func setHidden(_ isHidden: Bool, _ item: InboxItem) async throws {
        guard let connector = PlatformList.inbox(for: item.platform), type(of: connector).canHide else {
            throw APIError(
                .conflict, "\(item.platform.rawValue) has no way to hide what others wrote; archive the item instead.",
                details: [FieldIssue("platform", "must be one that can hide comments: instagram, facebook")])
        }
        var (failure, credential) = try await ask(connector, isHidden, item)
        if failure?.failureClass == .auth, try await tokens.replace(credential) {
            (failure, credential) = try await ask(connector, isHidden, item)
        }
        guard let failure else { return }
        switch failure.failureClass {
        case .final, .auth: throw APIError(.conflict, failure.message)
        case .beforeEffect, .ambiguous:
            throw APIError(.unavailable, failure.message, headers: [("Retry-After", "30")])
        }
    }

    /// Asks the platform once; the failure is nil when it is done.
    private func ask(
        _ connector: any InboxConnector, _ isHidden: Bool, _ item: InboxItem
    ) async throws -> (PublishFailure?, AccountCredential) {
        guard case .ready(let credential) = try await tokens.credential(item.accountID, in: item.organizationID),
            credential.account.status.canPublish
        else { throw APIError(.conflict, "The social account is not ACTIVE; reconnect or enable it first.") }
        let session = sessions.session(for: credential.account, token: credential.tokens.access)
        return (await connector.setHidden(isHidden, item.platformItemID, on: session), credential)
    }
}
