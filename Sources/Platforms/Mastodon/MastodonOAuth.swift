package import Core

/// Connects accounts of any Mastodon instance: an app is registered at each (`POST /api/v1/apps`), the person agrees at
/// `/oauth/authorize`, the code is exchanged at `/oauth/token` (docs.joinmastodon.org/methods/oauth; PKCE since 4.3, older
/// instances ignore it).
///
/// Mastodon's tokens have no end; some of its relatives give `expires_in` and a refresh token that works once.
package struct MastodonOAuth: OAuthConnector {
    package static let platform = Platform.mastodon
    package static let scopes = ["read", "write:media", "write:statuses"]
    package static let registersItself = true

    package init() {}

    package func register(redirectURI: String, at site: OAuthSite) async -> OAuthOutcome<RegisteredApp> {
        await OAuthOutcome { () async throws(OAuthFailure) in
            let wire = OAuthWire(platform: .mastodon, site: site)
            let json = try await wire.post(
                "api", "v1", "apps",
                form: [
                    ("client_name", "Audenci"), ("redirect_uris", redirectURI), ("scopes", Self.scopes.joined(separator: " ")),
                ])
            guard let id = json.identifier("client_id"), let secret = OAuthWire.token(json, "client_secret") else {
                throw wire.unreadable(200)
            }
            return RegisteredApp(clientID: id, clientSecret: secret)
        }
    }

    package func authorizeURL(state: Secret, challenge: String, for app: OAuthApp, at baseURL: String) -> String {
        "\(baseURL)/oauth/authorize".withQuery([
            ("response_type", "code"), ("client_id", app.clientID), ("redirect_uri", app.redirectURI),
            ("scope", Self.scopes.joined(separator: " ")), ("state", state.reveal()), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ])
    }

    package func exchange(
        code: Secret, verifier: Secret, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<[GrantedProfile]> {
        await OAuthOutcome { () async throws(OAuthFailure) in
            let tokens = try await tokens(
                [
                    ("grant_type", "authorization_code"), ("code", code.reveal()), ("redirect_uri", app.redirectURI),
                    ("code_verifier", verifier.reveal()),
                ], by: app, at: site)
            guard tokens.scopes.contains(where: { $0 == "write" || $0 == "write:statuses" }) else {
                throw OAuthFailure(
                    .nothingGranted, code: "scope_missing",
                    message: "Mastodon did not grant the permission to post. Connect again and allow all that is asked for.")
            }
            do throws(PublishFailure) {
                let account = try await MastodonAPI(session: site.session(tokens.access)).verifyCredentials()
                return [GrantedProfile(profile: account.profile, tokens: tokens)]
            } catch {
                throw OAuthFailure(error)
            }
        }
    }

    package func renew(
        _ refreshToken: Secret, of _: String, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<OAuthTokens> {
        await OAuthOutcome { () async throws(OAuthFailure) in
            try await tokens(
                [("grant_type", "refresh_token"), ("refresh_token", refreshToken.reveal())], by: app, at: site)
        }
    }

    private func tokens(
        _ form: [(name: String, value: String)], by app: OAuthApp, at site: OAuthSite
    ) async throws(OAuthFailure) -> OAuthTokens {
        let wire = OAuthWire(platform: .mastodon, site: site)
        let client: [(name: String, value: String)] = [
            ("client_id", app.clientID), ("client_secret", app.clientSecret.reveal()),
        ]
        return try wire.tokens(try await wire.post("oauth", "token", form: form + client), asked: Self.scopes)
    }
}
