package import Contract
package import Core

/// One profile on one platform, connected to a brand.
package struct SocialAccount: Sendable, Equatable {
    package enum Status: String, Sendable, CaseIterable, APIEnum {
        case active = "ACTIVE"
        /// It can publish, for at most seven days more. Stored as ACTIVE with the moment of the warning.
        case expiring = "EXPIRING"
        case needsReconnect = "NEEDS_RECONNECT"
        case disabled = "DISABLED"
        case disconnected = "DISCONNECTED"

        package var canPublish: Bool { self == .active || self == .expiring }
    }

    /// What kind of profile it is.
    package enum Kind: String, Sendable, CaseIterable, APIEnum {
        case page = "PAGE"
        case profile = "PROFILE"
        case business = "BUSINESS"
        case creator = "CREATOR"
        case channel = "CHANNEL"
        case bot = "BOT"
        case webhook = "WEBHOOK"
        case location = "LOCATION"
    }

    package var id: SocialAccountID
    package var organizationID: OrganizationID
    package var brandID: BrandID
    package var platform: Platform
    package var externalID: String
    package var username: String
    package var displayName: String?
    /// Where the platform's API is; empty: the platform's own address.
    package var baseURL: String
    package var isSandbox: Bool
    package var status: Status
    package var lastError: String?
    package var createdAt: Instant
    package var updatedAt: Instant
    package var version: Int64
    package var accountType: Kind?
    package var profileURL: String?
    package var avatarURL: String?
    package var followerCount: Int64?
    package var scopes: [String] = []
    package var tokenExpiresAt: Instant?
    package var lastVerifiedAt: Instant?
    package var lastErrorCode: String?

    /// Takes over what the platform shows. A sandbox account keeps the name it was given here.
    mutating func show(_ profile: VerifiedProfile) {
        accountType = profile.accountType ?? accountType
        followerCount = profile.followerCount ?? followerCount
        guard !isSandbox else { return }
        username = profile.username
        displayName = profile.displayName
        profileURL = profile.profileURL ?? profileURL
        avatarURL = profile.avatarURL ?? avatarURL
    }
}

extension SocialAccount: APIObject {
    package static let name = "SocialAccount"
    /// Checks and counts of followers make no new version.
    package static var isVolatile: Bool { true }
    package var entityVersion: Int64? { version }
    package static let properties: [Property<Self>] = [
        Property("id", "The account's id.") { $0.id },
        Property("brandId", "The brand it speaks for.") { $0.brandID },
        Property("platform", "The platform.") { $0.platform },
        Property("externalId", "Its id on the platform.") { $0.externalID },
        Property("username", "Its name on the platform.") { $0.username },
        Property("displayName", "The name it shows.") { $0.displayName },
        Property("accountType", "What kind of profile it is; null until the platform was asked.") { $0.accountType },
        Property("profileUrl", "Where people see it.") { $0.profileURL },
        Property("avatarUrl", "Its picture.") { $0.avatarURL },
        Property("followerCount", "How many follow it, as last read; null: never read.") { $0.followerCount },
        Property("baseUrl", "Where the platform's API is, when it is not the platform's own address.") {
            $0.baseURL.isEmpty ? nil : $0.baseURL
        },
        Property("sandbox", "SANDBOX: it publishes to a built-in simulator of the platform, not to the platform.") {
            $0.isSandbox
        },
        Property("status", "Whether it can publish: ACTIVE and EXPIRING can.") { $0.status },
        Property("scopes", "What the platform permits us; empty for a token that somebody brought.") { $0.scopes },
        Property("tokenExpiresAt", "When its token ends, unless it is renewed before; null: no end is known.") {
            $0.tokenExpiresAt
        },
        Property("lastVerifiedAt", "When the platform last took its token.") { $0.lastVerifiedAt },
        Property("lastErrorCode", "What the last check or publication found wrong: token_rejected, platform_timeout, ...") {
            $0.lastErrorCode
        },
        Property("lastError", "The same in words.") { $0.lastError },
        Property("createdAt", "When it was connected.") { $0.createdAt },
        Property("updatedAt", "When it was last changed.") { $0.updatedAt },
        Property("version", "Counts the changes.") { $0.version },
    ]
    package static let example = SocialAccount(
        id: ID("cmb2k7q0x0000000000000005"), organizationID: ID("clx789xyz"), brandID: ID("clx456def"), platform: .instagram,
        externalID: "sandbox-instagram", username: "acme", displayName: "Acme", baseURL: "", isSandbox: true, status: .active,
        lastError: nil, createdAt: Instant(seconds: 1_770_114_600), updatedAt: Instant(seconds: 1_770_114_600), version: 1)
}

/// Connects an account by its token.
package struct SocialAccountInput: APIInput {
    package var brandID = BrandID("")
    package var platform = Platform.mastodon
    package var accessToken: String?
    package var baseURL: String?
    package var externalID: String?
    package var isSandbox = false

    package init() {}

    package static let name = "SocialAccountInput"
    package static let fields: [InputField<Self>] = [
        InputField("brandId", "The brand it speaks for.", required: true) { $0.brandID = $1 },
        InputField("platform", "The platform.", required: true) { $0.platform = $1 },
        InputField("accessToken", "The platform's access token; not for sandbox accounts.", .length(1...4096)) {
            $0.accessToken = $1
        },
        InputField(
            "baseUrl", "Where the platform's API is: the instance for mastodon, otherwise the platform's own address.",
            .length(1...500)
        ) { $0.baseURL = $1 },
        InputField("externalId", "The page's or profile's id on the platform (facebook, instagram).", .length(1...200)) {
            $0.externalID = $1
        },
        InputField("sandbox", "Connect a sandbox account: the real connector on a built-in simulator.") { $0.isSandbox = $1 },
    ]
    package static let example: JSONValue = [
        "brandId": "clx456def", "platform": "mastodon", "baseUrl": "https://mastodon.example", "accessToken": "YOUR_TOKEN",
    ]
}

/// Changes an account.
package struct SocialAccountChange: APIInput {
    package var status: SocialAccount.Status?
    package var accessToken: String?

    package init() {}

    package static let name = "SocialAccountChange"
    package static let fields: [InputField<Self>] = [
        InputField("status", "ACTIVE or DISABLED.") { $0.status = $1 },
        InputField("accessToken", "A new token: reconnects the account, its id stays.", .length(1...4096)) {
            $0.accessToken = $1
        },
    ]
    package static let example: JSONValue = ["status": "DISABLED"]
}
