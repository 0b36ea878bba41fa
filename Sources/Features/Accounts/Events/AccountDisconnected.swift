package import Contract
package import Core

/// A social account can publish no more: its platform refused its token, or somebody turned it off.
package struct AccountDisconnected: Event {
    package var socialAccountID: SocialAccountID
    package var platform: Platform
    package var username: String
    package var isSandbox: Bool
    package var status: SocialAccount.Status
    package var reason: String?

    package init(
        socialAccountID: SocialAccountID, platform: Platform, username: String, isSandbox: Bool,
        status: SocialAccount.Status, reason: String?
    ) {
        self.socialAccountID = socialAccountID
        self.platform = platform
        self.username = username
        self.isSandbox = isSandbox
        self.status = status
        self.reason = reason
    }

    package init(_ account: SocialAccount) {
        self.init(
            socialAccountID: account.id, platform: account.platform, username: account.username,
            isSandbox: account.isSandbox, status: account.status,
            reason: account.lastError)
    }

    package static let type = "account.disconnected"
    package static let name = "AccountDisconnectedEvent"
    package static let summary = "Social account disconnected"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account's id.") { $0.socialAccountID },
        Property("platform", "The platform.") { $0.platform },
        Property("username", "Its name on the platform.") { $0.username },
        Property("sandbox", "Whether it is a sandbox account.") { $0.isSandbox },
        Property("status", "Its status.") { $0.status },
        Property("reason", "Why, when its platform said so.") { $0.reason },
    ]
    package static let example = AccountDisconnected(
        socialAccountID: ID("cmb2k7q0x0000000000000005"), platform: .instagram, username: "acme", isSandbox: true,
        status: .needsReconnect, reason: "The token has expired.")

    package var scope: EventScope {
        EventScope(
            entity: socialAccountID.rawValue, platforms: [platform.rawValue], accountIDs: [socialAccountID.rawValue])
    }
}
