package import Core

/// Connects Instagram business profiles by ``FacebookLogin``: each is tied to a page of the person's.
package struct InstagramOAuth: OAuthConnector {
    package static let platform = Platform.instagram
    /// Meta, "Instagram API with Facebook Login": find the profile behind a page, publish, answer comments, read insights.
    package static let scopes = [
        "instagram_basic", "instagram_content_publish", "instagram_manage_comments", "instagram_manage_insights",
        "pages_show_list", "pages_read_engagement", "business_management",
    ]
    package static let registersItself = false

    private var login: FacebookLogin {
        FacebookLogin(
            platform: .instagram, scopes: Self.scopes, fields: "instagram_business_account{\(InstagramAPI.profileFields)}"
        ) { page in page["instagram_business_account"].flatMap { InstagramAPI.profile($0) } }
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
