package import Core
package import Outbound

/// How an account of one platform is connected without its token ever being seen by a person: OAuth 2, the authorization
/// code grant with PKCE.
///
/// It keeps no state and never retries. Like a ``Connector`` it never throws: whatever the platform answers, hostile
/// answers included, becomes an ``OAuthOutcome``.
package protocol OAuthConnector: Sendable {
    static var platform: Platform { get }
    /// What is asked for, in the platform's words.
    static var scopes: [String] { get }
    /// True: the app is made at each instance by ``register(redirectURI:at:)``. False: the operator made one by hand.
    static var registersItself: Bool { get }

    init()

    /// Makes an app at the instance.
    func register(redirectURI: String, at site: OAuthSite) async -> OAuthOutcome<RegisteredApp>

    /// Where the person is sent to agree. Pure.
    func authorizeURL(state: Secret, challenge: String, for app: OAuthApp, at baseURL: String) -> String

    /// Turns the code that came back into tokens, and says for which profiles: at least one.
    func exchange(
        code: Secret, verifier: Secret, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<[GrantedProfile]>

    /// New tokens for old ones. A refresh token may work once only: the caller asks once, and keeps the answer before it is
    /// used.
    func renew(
        _ refreshToken: Secret, of externalID: String, by app: OAuthApp, at site: OAuthSite
    ) async -> OAuthOutcome<OAuthTokens>
}

/// Our app as one platform knows it.
package struct OAuthApp: Sendable {
    package var clientID: String
    package var clientSecret: Secret
    /// Where the platform sends the person back to.
    package var redirectURI: String

    package init(clientID: String, clientSecret: Secret, redirectURI: String) {
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.redirectURI = redirectURI
    }
}

/// What an instance answers to a registration.
package struct RegisteredApp: Sendable {
    package var clientID: String
    package var clientSecret: Secret
}

/// Where the platform's API is, and the way there.
package struct OAuthSite: Sendable {
    /// Without a trailing slash.
    package var baseURL: String
    package var transport: any Transport
    package var now: @Sendable () -> Instant

    package init(baseURL: String, transport: any Transport, now: @escaping @Sendable () -> Instant) {
        self.baseURL = baseURL
        self.transport = transport
        self.now = now
    }

    /// The same place for one who has a token.
    func session(_ token: Secret, externalID: String = "") -> PlatformSession {
        PlatformSession(
            baseURL: baseURL, externalID: externalID, token: token, transport: transport, pause: { _ in }, now: now)
    }
}

/// Tokens as the platform gave them, with the moment from which their lives count.
package struct OAuthTokens: Sendable {
    package var access: Secret
    /// What renews them; nil: the answer brought none.
    package var refresh: Secret?
    package var issuedAt: Instant
    /// Nil: no end is said.
    package var expiresAt: Instant?
    package var refreshExpiresAt: Instant?
    package var scopes: [String]

    package init(
        access: Secret, refresh: Secret?, issuedAt: Instant, expiresAt: Instant?, refreshExpiresAt: Instant? = nil,
        scopes: [String]
    ) {
        self.access = access
        self.refresh = refresh
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.refreshExpiresAt = refreshExpiresAt
        self.scopes = scopes
    }
}

/// A profile that the person lets us act for.
package struct GrantedProfile: Sendable {
    package var profile: PlatformProfile
    package var tokens: OAuthTokens

    package init(profile: PlatformProfile, tokens: OAuthTokens) {
        self.profile = profile
        self.tokens = tokens
    }
}

package enum OAuthOutcome<Value: Sendable>: Sendable {
    case granted(Value)
    case failed(OAuthFailure)

    init(_ work: () async throws(OAuthFailure) -> Value) async {
        do throws(OAuthFailure) {
            self = .granted(try await work())
        } catch {
            self = .failed(error)
        }
    }
}

/// Why there are no tokens.
package struct OAuthFailure: Error, Sendable, Hashable {
    package enum Kind: Sendable, CaseIterable {
        /// The code or refresh token is not accepted, now or later: the person has to agree again.
        case refused
        /// The app is not accepted: the operator, or a new registration, has to mend it.
        case appRefused
        /// No usable answer came; it may work later.
        case unreachable
        /// The person agreed, but to nothing that we can publish to.
        case nothingGranted
    }

    package var kind: Kind
    /// Ours, snake_case.
    package var code: String
    /// What happened and what to do, for a person; never a secret.
    package var message: String

    package init(_ kind: Kind, code: String, message: String) {
        self.kind = kind
        self.code = code
        self.message = message
    }
}
