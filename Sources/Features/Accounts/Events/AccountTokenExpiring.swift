package import Contract
package import Core

/// A social account's token ends soon and could not be renewed.
package struct AccountTokenExpiring: Event {
    package var socialAccountID: SocialAccountID
    package var platform: Platform
    package var username: String
    package var isSandbox: Bool
    package var expiresAt: Instant

    package init(socialAccountID: SocialAccountID, platform: Platform, username: String, isSandbox: Bool, expiresAt: Instant) {
        self.socialAccountID = socialAccountID
        self.platform = platform
        self.username = username
        self.isSandbox = isSandbox
        self.expiresAt = expiresAt
    }

    /// Nil for an account whose token has no known end.
    package init?(_ account: SocialAccount) {
        guard let expiresAt = account.tokenExpiresAt else { return nil }
        self.init(
            socialAccountID: account.id, platform: account.platform, username: account.username,
            isSandbox: account.isSandbox, expiresAt: expiresAt)
    }

    package static let type = "account.token_expiring"
    package static let name = "AccountTokenExpiringEvent"
    package static let summary = "Social account's token expires soon"
    package static let properties: [Property<Self>] = [
        Property("socialAccountId", "The account's id.") { $0.socialAccountID },
        Property("platform", "The platform.") { $0.platform },
        Property("username", "Its name on the platform.") { $0.username },
        Property("sandbox", "Whether it is a sandbox account.") { $0.isSandbox },
        Property("expiresAt", "When it ends.") { $0.expiresAt },
    ]
    package static let example = AccountTokenExpiring(
        socialAccountID: ID("cmb2k7q0x0000000000000005"), platform: .instagram, username: "acme", isSandbox: true,
        expiresAt: Instant(seconds: 1_770_114_600))

    package var scope: EventScope {
        EventScope(
            entity: socialAccountID.rawValue, platforms: [platform.rawValue], accountIDs: [socialAccountID.rawValue])
    }
}
