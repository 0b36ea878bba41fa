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

/// Who a token belongs to.
package struct VerifiedProfile: Sendable {
    package var externalID: String
    package var username: String
    package var displayName: String?

    package init(externalID: String, username: String, displayName: String?) {
        self.externalID = externalID
        self.username = username
        self.displayName = displayName
    }
}
