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

/// What is to be different about an account.
public struct SocialAccountChange: Codable, Hashable, Sendable {
    public var status: AccountStatus?
    public var accessToken: String?

    public init(status: AccountStatus? = nil, accessToken: String? = nil) {
        self.status = status
        self.accessToken = accessToken
    }
}
