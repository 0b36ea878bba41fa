public import Foundation

/// One profile on one platform.
public struct SocialAccount: Codable, Hashable, Identifiable, Versioned, Sendable {
    public var id: String
    public var brandId: String
    public var platform: Platform
    /// The platform's id of the profile.
    public var externalId: String
    public var username: String
    public var displayName: String?
    public var baseUrl: String?
    /// Publishes to a simulator inside the server.
    public var sandbox: Bool
    public var status: AccountStatus
    /// `PAGE`, `PROFILE`, `BUSINESS`, ...; nil until the platform was asked.
    public var accountType: String?
    public var profileUrl: String?
    public var avatarUrl: String?
    /// As last read; nil: never read.
    public var followerCount: Int?
    /// What the platform permits.
    public var scopes: [String]?
    /// When the token ends, unless it is renewed before; nil: no end is known.
    public var tokenExpiresAt: Date?
    public var lastVerifiedAt: Date?
    /// What the last check or publication found wrong, and the same in words.
    public var lastErrorCode: String?
    public var lastError: String?
    public var createdAt: Date
    public var updatedAt: Date
    public var version: Int
}

/// An account to be connected by a token.
public struct SocialAccountDraft: Codable, Hashable, Sendable {
    public var brandId: String
    public var platform: Platform
    public var accessToken: String?
    public var baseUrl: String?
    public var externalId: String?
    public var sandbox: Bool?

    public init(
        brandId: String, platform: Platform, accessToken: String? = nil, baseUrl: String? = nil, externalId: String? = nil,
        sandbox: Bool? = nil
    ) {
        self.brandId = brandId
        self.platform = platform
        self.accessToken = accessToken
        self.baseUrl = baseUrl
        self.externalId = externalId
        self.sandbox = sandbox
    }
}

/// An account to be connected by OAuth.
public struct AccountAuthorizationDraft: Codable, Hashable, Sendable {
    public var brandId: String
    /// Mastodon: the address of the instance.
    public var baseUrl: String?
    /// A path of the server, where the person goes on afterwards.
    public var redirectTo: String?
    /// An account that is to get new tokens.
    public var reconnect: String?

    public init(brandId: String, baseUrl: String? = nil, redirectTo: String? = nil, reconnect: String? = nil) {
        self.brandId = brandId
        self.baseUrl = baseUrl
        self.redirectTo = redirectTo
        self.reconnect = reconnect
    }
}

/// Where a person agrees.
public struct AccountAuthorization: Codable, Hashable, Sendable {
    /// To be opened in a browser.
    public var url: String
    /// Names this attempt; works once.
    public var state: String
    public var expiresAt: Date
}

/// What is to be different about an account.
public struct SocialAccountChange: Codable, Hashable, Sendable {
    public var status: AccountStatus?
    public var accessToken: String?

    public init(status: AccountStatus? = nil, accessToken: String? = nil) {
        self.status = status
        self.accessToken = accessToken
    }
}
