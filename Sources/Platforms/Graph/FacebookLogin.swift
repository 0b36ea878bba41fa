package import Core

/// Facebook Login, by which both Facebook pages and the Instagram profiles tied to them are connected.
///
/// A code gives a user token of an hour, that one of sixty days (`fb_exchange_token`), and `me/accounts` with it the tokens
/// of the pages, which have no end of their own (Meta, "Long-lived access tokens"). The user token is kept as what renews
/// the page's: it is exchanged again before its sixty days are over.
package protocol FacebookLogin: OAuthConnector {
    /// Of a page, in Graph's notation; `id` and `access_token` come with it.
    static var fields: String { get }

    /// The profile that a page stands for; nil: it is of no use to this platform.
    static func profile(behind page: JSONValue) -> PlatformProfile?
}

extension FacebookLogin {
    package static var registersItself: Bool { false }

    package func register(redirectURI _: String, at _: OAuthSite) async -> OAuthOutcome<RegisteredApp> {
        .failed(.notRegistrable)
    }

    /// The dialog has a host of its own; a simulator or proxy of Graph has it beside the rest.
    package func authorizeURL(state: Secret, challenge: String, for app: OAuthApp, at baseURL: String) -> String {
        let dialog = baseURL.replacing("https://graph.facebook.com", with: "https://www.facebook.com", maxReplacements: 1)
        return "\(dialog)/dialog/oauth".withQuery([
            ("response_type", "code"), ("client_id", app.clientID), ("redirect_uri", app.redirectURI),
            ("scope", Self.scopes.joined(separator: ",")), ("state", state.reveal()), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ])
    }

    package func exchange(
        code: Secret, verifier: Secret, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<[GrantedProfile]> {
        await OAuthOutcome { () async throws(OAuthFailure) in
            let short = try await userTokens(
                [("code", code.reveal()), ("redirect_uri", app.redirectURI), ("code_verifier", verifier.reveal())], by: app,
                at: site)
            let granted = try await pages(of: try await prolong(short.access, by: app, at: site), at: site)
            guard !granted.isEmpty else {
                let wanted = Self.platform == .instagram ? "page with an Instagram business account" : "page"
                throw OAuthFailure(
                    .nothingGranted, code: "no_profile",
                    message: "You have no \(wanted), or did not allow this app to see it. Connect again and choose one.")
            }
            return granted
        }
    }

    package func renew(
        _ userToken: Secret, of externalID: String, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<OAuthTokens> {
        await OAuthOutcome { () async throws(OAuthFailure) in
            let granted = try await pages(of: try await prolong(userToken, by: app, at: site), at: site)
            guard let found = granted.first(where: { $0.profile.externalID == externalID }) else {
                let name = Self.platform.properName
                throw OAuthFailure(
                    .refused, code: "grant_refused",
                    message: "\(name) does not let this app act for the profile any more. Connect the account again.")
            }
            return found.tokens
        }
    }

    private func prolong(_ token: Secret, by app: OAuthApp, at site: OAuthSite) async throws(OAuthFailure) -> OAuthTokens {
        try await userTokens(
            [("grant_type", "fb_exchange_token"), ("fb_exchange_token", token.reveal())], by: app, at: site)
    }

    private func userTokens(
        _ form: [(name: String, value: String)], by app: OAuthApp, at site: OAuthSite
    ) async throws(OAuthFailure) -> OAuthTokens {
        let wire = OAuthWire(platform: Self.platform, site: site)
        let client: [(name: String, value: String)] = [
            ("client_id", app.clientID), ("client_secret", app.clientSecret.reveal()),
        ]
        return try wire.tokens(try await wire.post("oauth", "access_token", form: client + form), asked: Self.scopes)
    }

    private func pages(of user: OAuthTokens, at site: OAuthSite) async throws(OAuthFailure) -> [GrantedProfile] {
        let graph = GraphAPI(session: site.session(user.access), platform: Self.platform)
        var granted: [GrantedProfile] = []
        var cursor: String?
        do throws(PublishFailure) {
            for _ in 0..<maximumPages {
                let page = try await graph.page(
                    "me", "accounts", fields: "id,access_token," + Self.fields, query: [("limit", "100")], after: cursor)
                for entry in page.entries.prefix(100) {
                    guard let token = OAuthWire.token(entry, "access_token"), let profile = Self.profile(behind: entry)
                    else { continue }
                    granted.append(
                        GrantedProfile(
                            profile: profile,
                            tokens: OAuthTokens(
                                access: token, refresh: user.access, issuedAt: user.issuedAt, expiresAt: nil,
                                refreshExpiresAt: user.expiresAt ?? user.issuedAt + longLife, scopes: user.scopes)))
                }
                guard let next = page.next else { break }
                cursor = next
            }
        } catch {
            throw OAuthFailure(error)
        }
        return granted
    }
}

/// Meta leaves the life of a long-lived token out at times; it is sixty days then.
private let longLife = Duration.seconds(60 * 86_400)
private let maximumPages = 3
