package import Contract
package import Core

/// A social account was connected, or connected again.
package struct AccountConnected: Event {
    package var socialAccountID: SocialAccountID
    package var platform: Platform
    package var username: String
    package var isSandbox: Bool

    package init(socialAccountID: SocialAccountID, platform: Platform, username: String, isSandbox: Bool) {
        self.socialAccountID = socialAccountID
        self.platform = platform
        self.username = username
        self.isSandbox = isSandbox
    }

    package init(_ account: SocialAccount) {
        self.init(
            socialAccountID: account.id, platform: account.platform, username: account.username,
            isSandbox: account.isSandbox)
    }

    package static let type = "account.connected"
    package static let name = "AccountConnectedEvent"
    package static let summary = "Social account connected"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account's id.") { $0.socialAccountID },
        Property("platform", "The platform.") { $0.platform },
        Property("username", "Its name on the platform.") { $0.username },
        Property("sandbox", "Whether it is a sandbox account.") { $0.isSandbox },
    ]
    package static let example = AccountConnected(
        socialAccountID: ID("cmb2k7q0x0000000000000005"), platform: .instagram, username: "acme", isSandbox: true)

    package var scope: EventScope {
        EventScope(
            entity: socialAccountID.rawValue, platforms: [platform.rawValue], accountIDs: [socialAccountID.rawValue])
    }
}
