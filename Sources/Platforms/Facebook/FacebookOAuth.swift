package import Core

/// Connects Facebook pages by ``FacebookLogin``.
package struct FacebookOAuth: OAuthConnector {
    package static let platform = Platform.facebook
    /// Meta, "Permissions reference": list pages, read them, publish, answer comments, read insights.
    package static let scopes = [
        "pages_show_list", "pages_read_engagement", "pages_read_user_content", "pages_manage_posts",
        "pages_manage_engagement", "read_insights", "business_management",
    ]
    package static let registersItself = false

    private var login: FacebookLogin {
        FacebookLogin(platform: .facebook, scopes: Self.scopes, fields: FacebookAPI.profileFields) { FacebookAPI.profile($0) }
    }

    package init() {}

    package func register(redirectURI _: String, at _: OAuthSite) async -> OAuthOutcome<RegisteredApp> {
        .failed(.notRegistrable)
    }

    package func authorizeURL(state: Secret, challenge: String, for app: OAuthApp, at baseURL: String) -> String {
        login.authorizeURL(state: state, challenge: challenge, for: app, at: baseURL)
    }

    package func exchange(
        code: Secret, verifier: Secret, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<[GrantedProfile]> {
        await OAuthOutcome { () async throws(OAuthFailure) in
            try await login.exchange(code: code, verifier: verifier, by: app, at: site)
        }
    }

    package func renew(
        _ refreshToken: Secret, of externalID: String, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<OAuthTokens> {
        await OAuthOutcome { () async throws(OAuthFailure) in
            try await login.renew(refreshToken, of: externalID, by: app, at: site)
        }
    }
}
