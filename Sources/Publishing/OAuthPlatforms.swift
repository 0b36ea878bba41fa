package import Contract
package import Core
package import Features
package import Outbound
import Platforms

/// Connects accounts by the connectors' OAuth, and renews what they got.
package struct OAuthPlatforms: AccountAuthorizer {
    /// The operator's app at Meta, and where Graph is. The address is never a caller's: the app's secret goes there.
    package struct MetaApp: Sendable {
        package var clientID: String
        package var clientSecret: Secret
        package var baseURL: String

        package init(clientID: String, clientSecret: Secret, baseURL: String) {
            self.clientID = clientID
            self.clientSecret = clientSecret
            self.baseURL = baseURL
        }
    }

    private let apps: OAuthAppStore
    private let client: any Transport
    private let meta: MetaApp?
    private let redirectURI: String
    private let ambient: Ambient

    /// - Parameter publicURL: how browsers reach this server; they come back to `/oauth/callback` there.
    package init(apps: OAuthAppStore, client: any Transport, meta: MetaApp?, publicURL: String, ambient: Ambient) {
        self.apps = apps
        self.client = client
        self.meta = meta
        redirectURI = publicURL + "/oauth/callback"
        self.ambient = ambient
    }

    package var platforms: [Platform] { PlatformList.oauthConnectors.map { $0.platform } }

    package func hasFixedAddress(_ platform: Platform) -> Bool {
        PlatformList.oauthConnector(for: platform).map { !type(of: $0).registersItself } ?? false
    }

    package func baseURL(of platform: Platform, asked: String?, known: String?) throws(APIError) -> String {
        let connector = try connector(of: platform)
        guard type(of: connector).registersItself else {
            let meta = try metaApp(for: platform)
            guard asked == nil || asked.flatMap(AccountAddress.normalized) == meta.baseURL else {
                throw .invalid("baseUrl", "is fixed for \(platform.rawValue): leave it out")
            }
            return meta.baseURL
        }
        guard let asked = asked ?? known else {
            throw .invalid("baseUrl", "is required for \(platform.rawValue): the address of the instance")
        }
        guard let address = AccountAddress.normalized(asked) else {
            throw .invalid("baseUrl", "must be an address such as https://mastodon.social")
        }
        // Instances count their profiles by themselves: the same number elsewhere is somebody else.
        if let known, known != address { throw .invalid("baseUrl", "is not where the account is: \(known)") }
        return address
    }

    package func authorizeURL(
        of platform: Platform, at baseURL: String, state: Secret, challenge: String
    ) async throws -> String {
        let connector = try connector(of: platform)
        let app = try await app(of: platform, at: baseURL, connector)
        return connector.authorizeURL(state: state, challenge: challenge, for: app, at: baseURL)
    }

    package func exchange(
        code: Secret, verifier: Secret, of platform: Platform, at baseURL: String
    ) async throws -> [AuthorizedProfile] {
        let connector = try connector(of: platform)
        let app = try await app(of: platform, at: baseURL, connector)
        switch await connector.exchange(code: code, verifier: verifier, by: app, at: site(baseURL)) {
        case .granted(let profiles):
            return profiles.map {
                AuthorizedProfile(
                    profile: VerifiedProfile($0.profile), tokens: AccountTokens($0.tokens, clientID: app.clientID))
            }
        case .failed(let failure):
            if failure.kind == .appRefused, type(of: connector).registersItself {
                try await apps.forget(platform, at: baseURL, clientID: app.clientID)
            }
            throw APIError(failure.kind == .unreachable ? .unavailable : .invalidRequest, failure.message)
        }
    }

    /// New tokens for the account's old ones; asked once, never again by itself.
    func renew(_ credential: AccountCredential) async throws -> OAuthOutcome<AccountTokens> {
        let account = credential.account
        guard let refresh = credential.tokens.refresh, let clientID = credential.tokens.clientID,
            let connector = PlatformList.oauthConnector(for: account.platform)
        else { return .failed(Self.appGone) }
        let (app, baseURL): (OAuthApp, String)
        if type(of: connector).registersItself {
            guard let known = try await apps.find(account.platform, at: account.baseURL, clientID: clientID) else {
                return .failed(Self.appGone)
            }
            app = OAuthApp(clientID: known.clientID, clientSecret: known.clientSecret, redirectURI: redirectURI)
            baseURL = account.baseURL
        } else {
            // A newer version of the same API knows what an older one gave.
            guard let meta, meta.clientID == clientID,
                AccountAddress.origin(of: meta.baseURL) == AccountAddress.origin(of: account.baseURL)
            else { return .failed(Self.appGone) }
            app = OAuthApp(clientID: meta.clientID, clientSecret: meta.clientSecret, redirectURI: redirectURI)
            baseURL = meta.baseURL
        }
        switch await connector.renew(refresh, of: account.externalID, by: app, at: site(baseURL)) {
        case .granted(let tokens): return .granted(AccountTokens(tokens, clientID: clientID))
        case .failed(let failure): return .failed(failure)
        }
    }

    private static let appGone = OAuthFailure(
        .appRefused, code: "app_missing",
        message: "The app that the account was connected with is not set up here any more; connect the account again.")

    private func site(_ baseURL: String) -> OAuthSite {
        OAuthSite(baseURL: baseURL, transport: client, now: ambient.now)
    }

    private func connector(of platform: Platform) throws(APIError) -> any OAuthConnector {
        guard let connector = PlatformList.oauthConnector(for: platform) else {
            throw .invalid("platform", "cannot be connected by OAuth in this version")
        }
        return connector
    }

    private func metaApp(for platform: Platform) throws(APIError) -> MetaApp {
        guard let meta else {
            throw .invalid(
                "platform",
                "needs an app at Meta: the operator sets AUDENCI_META_APP_ID and AUDENCI_META_APP_SECRET; or connect \(platform.rawValue) by its token with POST /api/social/accounts"
            )
        }
        return meta
    }

    /// Our app there: the operator's, or one that is registered when there is none.
    private func app(
        of platform: Platform, at baseURL: String, _ connector: any OAuthConnector
    ) async throws -> OAuthApp {
        guard type(of: connector).registersItself else {
            let meta = try metaApp(for: platform)
            return OAuthApp(clientID: meta.clientID, clientSecret: meta.clientSecret, redirectURI: redirectURI)
        }
        if let known = try await apps.find(platform, at: baseURL, redirectURI: redirectURI) {
            return OAuthApp(clientID: known.clientID, clientSecret: known.clientSecret, redirectURI: redirectURI)
        }
        switch await connector.register(redirectURI: redirectURI, at: site(baseURL)) {
        case .granted(let made):
            try await apps.keep(
                .init(clientID: made.clientID, clientSecret: made.clientSecret), of: platform, at: baseURL,
                redirectURI: redirectURI)
            // Two at the same moment both register; the one that was kept first counts.
            let kept = try await apps.find(platform, at: baseURL, redirectURI: redirectURI)
            return OAuthApp(
                clientID: kept?.clientID ?? made.clientID, clientSecret: kept?.clientSecret ?? made.clientSecret,
                redirectURI: redirectURI)
        case .failed(let failure):
            throw APIError.invalid("baseUrl", "cannot be used: \(failure.message)")
        }
    }
}

extension VerifiedProfile {
    init(_ profile: PlatformProfile) {
        self.init(
            externalID: profile.externalID, username: profile.username, displayName: profile.displayName,
            accountType: SocialAccount.Kind(rawValue: profile.kind.rawValue), profileURL: profile.url,
            avatarURL: profile.avatarURL, followerCount: profile.followerCount)
    }
}

extension AccountTokens {
    init(_ tokens: OAuthTokens, clientID: String) {
        self.init(
            access: tokens.access, refresh: tokens.refresh, issuedAt: tokens.issuedAt, expiresAt: tokens.expiresAt,
            refreshExpiresAt: tokens.refreshExpiresAt, scopes: tokens.scopes, clientID: clientID)
    }
}
