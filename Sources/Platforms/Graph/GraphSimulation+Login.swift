import Core
import Outbound

/// Facebook Login, simulated for both platforms that use it: the dialog, codes and long-lived tokens, the person's pages.
/// Any app id is known; its secret is anything but `wrong`.
struct SimulatedFacebookLogin {
    let oauth: SimulatedOAuth
    let request: SimulatorRequest
    /// A page as `me/accounts` lists it.
    let page: (_ profile: String, _ token: String) -> [JSONValue.Member]

    /// Nil: the request is none of these.
    func answer() async throws -> OutboundResponse? {
        let path = GraphSimulation.unversioned(request.path)
        switch (request.method, path) {
        case ("GET", ["dialog", "oauth"]): return try await oauth.authorize(request, needsRegistration: false)
        case ("POST", ["oauth", "access_token"]), ("GET", ["oauth", "access_token"]): return try await token()
        case ("GET", ["me", "accounts"]):
            guard case .person(let person) = try await oauth.holder(of: request.token) else { return nil }
            return try await pages(of: person)
        default: return nil
        }
    }

    private func field(_ name: String) -> String {
        request.fields.values.first { $0.name == name }?.value ?? request.query(name) ?? ""
    }

    private static let shortLife: Int64 = 5_400
    private static let longLife: Int64 = 5_183_944

    private func token() async throws -> OutboundResponse {
        guard !field("client_id").isEmpty, !["", "wrong"].contains(field("client_secret")) else {
            return GraphSimulation.refuse(1, "Error validating client secret.")
        }
        let person: SimulatedOAuth.Person
        let life: Int64
        if field("grant_type") == "fb_exchange_token" {
            guard let token = try await oauth.token(field("fb_exchange_token"), "user") else {
                return GraphSimulation.refuse(190, subcode: 463, "Error validating access token: Session has expired.")
            }
            person = .init(token: token)
            life = person.lifetime ?? Self.longLife
        } else {
            guard let agreed = try await oauth.redeem(field) else {
                return GraphSimulation.refuse(100, subcode: 36_009, "This authorization code has been used.")
            }
            person = agreed
            life = Self.shortLife
        }
        let token = try await oauth.issue("user", for: person.account, of: person, lifetime: life)
        return .json(["access_token": .string(token), "token_type": "bearer", "expires_in": .int(life)])
    }

    private func pages(of person: SimulatedOAuth.Person) async throws -> OutboundResponse {
        var entries: [JSONValue] = []
        for profile in person.profiles {
            let token = try await oauth.issue("access", for: profile, of: person, lifetime: nil)
            entries.append(.object(page(profile, token)))
        }
        return .json(["data": .array(entries), "paging": [:]])
    }
}
