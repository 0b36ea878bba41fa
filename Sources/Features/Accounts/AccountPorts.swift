package import Contract
package import Core

/// Asks the platform whether a token works, and as whom. Implemented where the connectors are.
package protocol AccountVerifier: Sendable {
    /// The platforms that this version can publish to.
    var platforms: [Platform] { get }
    /// The platform's own address, used when an account names none; nil where there is none (mastodon).
    func defaultBaseURL(of platform: Platform) -> String?
    /// - Throws: ``APIError`` naming the field that is wrong.
    func verify(platform: Platform, baseURL: String, externalID: String, token: Secret) async throws -> VerifiedProfile
}

/// Looks after connected accounts. Implemented where the connectors are.
package protocol AccountChecker: Sendable {
    /// Asks the platform now whether it takes the account's token, renews the token when that helps, and records what came
    /// out.
    /// - Returns: the account as it is then; nil when there is none.
    func check(_ id: SocialAccountID, in organization: OrganizationID) async throws -> SocialAccount?
}

/// Connects accounts by OAuth. Implemented where the connectors are.
package protocol AccountAuthorizer: Sendable {
    /// The platforms whose accounts can be connected so.
    var platforms: [Platform] { get }
    /// Whether the operator says where the platform's API is, and not whoever connects: the address may change then while
    /// the profiles stay the same.
    func hasFixedAddress(_ platform: Platform) -> Bool
    /// Where the platform's API is, given what the caller says.
    /// - Parameter known: where the account is that is to be reconnected.
    /// - Throws: ``APIError`` naming `baseUrl` or `platform`.
    func baseURL(of platform: Platform, asked: String?, known: String?) throws(APIError) -> String
    /// Where the person is sent to agree. Makes our app known to the instance when it is not.
    /// - Throws: ``APIError`` for an instance that cannot be used.
    func authorizeURL(
        of platform: Platform, at baseURL: String, state: Secret, challenge: String
    ) async throws -> String
    /// What the person agreed to: at least one profile.
    /// - Throws: ``APIError`` saying what to do; never a secret.
    func exchange(
        code: Secret, verifier: Secret, of platform: Platform, at baseURL: String
    ) async throws -> [AuthorizedProfile]
}

/// Who a token belongs to. What the platform does not say is nil.
package struct VerifiedProfile: Sendable, Hashable {
    package var externalID: String
    package var username: String
    package var displayName: String?
    package var accountType: SocialAccount.Kind?
    package var profileURL: String?
    package var avatarURL: String?
    package var followerCount: Int64?

    package init(
        externalID: String, username: String, displayName: String?, accountType: SocialAccount.Kind? = nil,
        profileURL: String? = nil, avatarURL: String? = nil, followerCount: Int64? = nil
    ) {
        self.externalID = externalID
        self.username = username
        self.displayName = displayName
        self.accountType = accountType
        self.profileURL = profileURL
        self.avatarURL = avatarURL
        self.followerCount = followerCount
    }
}

/// A profile that a person lets us act for, with the tokens for it.
package struct AuthorizedProfile: Sendable {
    package var profile: VerifiedProfile
    package var tokens: AccountTokens

    package init(profile: VerifiedProfile, tokens: AccountTokens) {
        self.profile = profile
        self.tokens = tokens
    }
}
