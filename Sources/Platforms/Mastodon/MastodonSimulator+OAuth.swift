import Core
import Outbound

/// The part of an instance that gives tokens: apps, `/oauth/authorize`, `/oauth/token` with its rotating refresh tokens.
struct SimulatedMastodonOAuth {
    let oauth: SimulatedOAuth
    let request: SimulatorRequest

    init(_ request: SimulatorRequest, in world: any SimulatedWorld) {
        self.request = request
        oauth = SimulatedOAuth(platform: .mastodon, world: world)
    }

    /// Nil: the request is none of these.
    func answer() async throws -> OutboundResponse? {
        switch (request.method, request.path) {
        case ("POST", ["api", "v1", "apps"]): try await register()
        case ("GET", ["oauth", "authorize"]): try await oauth.authorize(request, needsRegistration: true)
        case ("POST", ["oauth", "token"]): try await token()
        default: nil
        }
    }

    private func field(_ name: String) -> String { request.fields.values.first { $0.name == name }?.value ?? "" }

    private func register() async throws -> OutboundResponse {
        let redirect = field("redirect_uris")
        guard redirect.contains("://") else {
            return .json(["error": "Validation failed: Redirect URI must be an absolute URI."], status: 422)
        }
        guard !field("client_name").isEmpty else {
            return .json(["error": "Validation failed: Name can't be blank"], status: 422)
        }
        let app = try await oauth.register(redirectURI: redirect)
        return .json([
            "id": .string(oauth.world.newID()), "name": .string(field("client_name")), "redirect_uri": .string(redirect),
            "redirect_uris": [.string(redirect)], "client_id": .string(app.id), "client_secret": .string(app.secret),
            "client_secret_expires_at": 0,
        ])
    }

    private func token() async throws -> OutboundResponse {
        let app = try await oauth.state("app:\(field("client_id"))")
        guard let secret = app?["secret"]?.string, secret == field("client_secret") else {
            return .json(
                ["error": "invalid_client", "error_description": "Client authentication failed due to unknown client."],
                status: 401)
        }
        switch field("grant_type") {
        case "authorization_code":
            guard let person = try await oauth.redeem(field) else { return Self.invalidGrant }
            return try await tokens(of: person, refresh: nil)
        case "refresh_token":
            let text = field("refresh_token")
            guard let token = try await oauth.token(text, "refresh") else { return Self.invalidGrant }
            let person = SimulatedOAuth.Person(token: token)
            if person.rotates { try await oauth.use(text, token) }
            return try await tokens(of: person, refresh: person.rotates ? nil : text)
        default:
            return .json(["error": "unsupported_grant_type"], status: 400)
        }
    }

    private func tokens(of person: SimulatedOAuth.Person, refresh: String?) async throws -> OutboundResponse {
        let access = try await oauth.issue("access", for: person.account, of: person, lifetime: person.lifetime)
        var members: [JSONValue.Member] = [
            .init("access_token", .string(access)), .init("token_type", "Bearer"),
            .init("scope", .string(MastodonOAuth.scopes.joined(separator: " "))),
            .init("created_at", .int(oauth.world.now().seconds)),
        ]
        if let lifetime = person.lifetime {
            members.append(.init("expires_in", .int(lifetime)))
            if refresh == nil {
                let token = try await oauth.issue("refresh", for: person.account, of: person, lifetime: nil)
                members.append(.init("refresh_token", .string(token)))
            }
        }
        return .json(.object(members))
    }

    private static let invalidGrant = OutboundResponse.json(
        [
            "error": "invalid_grant",
            "error_description": "The provided authorization grant is invalid, expired, revoked, or another client's.",
        ], status: 400)
}
