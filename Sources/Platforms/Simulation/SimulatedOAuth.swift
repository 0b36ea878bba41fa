import Core
import Outbound

/// The authorization server that every simulated platform has: a person who agrees at once (or refuses, when told so by
/// `POST /__sim/oauth`), codes that work once and only with their PKCE verifier, tokens that end and can be revoked.
struct SimulatedOAuth {
    let platform: Platform
    let world: any SimulatedWorld

    /// Who agrees. Everything but `platform` may be left out of `POST /__sim/oauth`.
    struct Person {
        var account = "1000001"
        /// What the person may act for; Mastodon knows the account alone.
        var profiles: [String] = []
        var denies = false
        /// Seconds until new tokens end; nil: what the platform usually says.
        var lifetime: Int64?
        /// False: tokens are renewed by a refresh token that stays the same.
        var rotates = true

        init(_ json: JSONValue?) {
            account = json?["account"]?.string ?? account
            profiles = json?["profiles"]?.array?.compactMap(\.string) ?? [account]
            denies = json?["denies"]?.bool ?? false
            lifetime = json?["expiresIn"]?.int.flatMap { $0 > 0 ? $0 : nil }
            rotates = json?["rotates"]?.bool ?? true
        }

        init(token json: JSONValue) { self.init(json["person"]) }

        var json: JSONValue {
            [
                "account": .string(account), "profiles": .array(profiles.map { .string($0) }),
                "expiresIn": lifetime.map { .int($0) } ?? .null, "rotates": .bool(rotates),
            ]
        }
    }

    /// Who a token speaks for.
    enum Holder {
        /// A token that was not given here: it may act for whatever account the request names.
        case anyone
        case account(String)
        /// A user token of Facebook Login.
        case person(Person)
    }

    // MARK: State

    func state(_ key: String) async throws -> JSONValue? {
        try await world.state(platform: platform, key: "oauth-" + key).flatMap { try? JSONValue(parsing: $0) }
    }

    func setState(_ key: String, _ value: JSONValue) async throws {
        try await world.setState(platform: platform, key: "oauth-" + key, value: value.text)
    }

    /// Sets who agrees from now on.
    func setPerson(_ json: JSONValue) async throws { try await setState("person", json) }

    /// All tokens of an account end now.
    func revoke(_ account: String) async throws {
        try await setState("epoch:\(account)", .int(try await epoch(account) + 1))
    }

    private func epoch(_ account: String) async throws -> Int64 { try await state("epoch:\(account)")?.int ?? 0 }

    private func newText(_ kind: String) -> String {
        "oauth-\(kind)-" + String(Signature.sha256("\(platform) \(kind) \(world.newID())".utf8).prefix(40))
    }

    // MARK: Apps

    func register(redirectURI: String) async throws -> (id: String, secret: String) {
        let (id, secret) = (newText("client"), newText("secret"))
        try await setState("app:\(id)", ["secret": .string(secret), "redirect": .string(redirectURI)])
        return (id, secret)
    }

    // MARK: Agreeing

    /// The page where the person agrees: the browser is sent back at once.
    /// - Parameter needsRegistration: whether the app must have been registered here.
    func authorize(_ request: SimulatorRequest, needsRegistration: Bool) async throws -> OutboundResponse {
        func refuse(_ message: String) -> OutboundResponse {
            OutboundResponse(status: 400, headers: [("Content-Type", "text/plain; charset=utf-8")], body: Array(message.utf8))
        }
        let (client, redirect) = (request.query("client_id") ?? "", request.query("redirect_uri") ?? "")
        guard request.query("response_type") == "code", !client.isEmpty, redirect.contains("://") else {
            return refuse("response_type must be code; client_id and redirect_uri are needed")
        }
        if needsRegistration {
            guard try await state("app:\(client)")?["redirect"]?.string == redirect else {
                return refuse("The redirect uri included is not valid.")
            }
        }
        guard request.query("code_challenge_method") ?? "S256" == "S256" else {
            return refuse("code_challenge_method must be S256")
        }
        let person = Person(try await state("person"))
        var fields: [(name: String, value: String)] = []
        if person.denies {
            fields = [("error", "access_denied"), ("error_description", "The resource owner denied the request.")]
        } else {
            let code = newText("code")
            try await setState(
                "code:\(code)",
                [
                    "client": .string(client), "redirect": .string(redirect),
                    "challenge": request.query("code_challenge").map { .string($0) } ?? .null, "person": person.json,
                    "expires": .int((world.now() + .seconds(600)).milliseconds), "used": false,
                ])
            fields = [("code", code)]
        }
        if let state = request.query("state") { fields.append(("state", state)) }
        return OutboundResponse(status: 302, headers: [("Location", redirect.withQuery(fields))])
    }

    /// Who agreed, when the code is good: once, for this app and address, with the verifier of its challenge.
    func redeem(_ field: (String) -> String) async throws -> Person? {
        let key = "code:\(field("code"))"
        guard let code = try await state(key), code["used"]?.bool == false, code["client"]?.string == field("client_id"),
            code["redirect"]?.string == field("redirect_uri"), (code["expires"]?.int ?? 0) > world.now().milliseconds
        else { return nil }
        try await setState(key, code.replacing("used", true))
        if let challenge = code["challenge"]?.string, challenge != PKCE.challenge(of: Secret(field("code_verifier"))) {
            return nil
        }
        return Person(token: code)
    }

    // MARK: Tokens

    func issue(_ kind: String, for account: String, of person: Person, lifetime: Int64?) async throws -> String {
        let token = newText(kind)
        try await setState(
            "token:\(token)",
            [
                "kind": .string(kind), "account": .string(account), "person": person.json,
                "expires": lifetime.map { .int((world.now() + .seconds($0)).milliseconds) } ?? .null, "used": false,
                "epochs": .array([.int(try await epoch(account)), .int(try await epoch(person.account))]),
            ])
        return token
    }

    /// The token, while it is good.
    func token(_ text: String, _ kind: String) async throws -> JSONValue? {
        guard let token = try await state("token:\(text)"), token["kind"]?.string == kind, token["used"]?.bool == false,
            token["expires"]?.int.map({ $0 > world.now().milliseconds }) ?? true
        else { return nil }
        let epochs = [
            try await epoch(token["account"]?.string ?? ""), try await epoch(Person(token: token).account),
        ]
        return token["epochs"]?.array?.compactMap(\.int) == epochs ? token : nil
    }

    func use(_ text: String, _ token: JSONValue) async throws {
        try await setState("token:\(text)", token.replacing("used", true))
    }

    /// Nil when the token is not accepted.
    func holder(of text: String?) async throws -> Holder? {
        guard let text, !text.hasPrefix("revoked") else { return nil }
        if let account = SimulatorRequest.account(ofToken: text) { return .account(account) }
        guard text.hasPrefix("oauth-") else { return .anyone }
        if let token = try await token(text, "access") { return .account(token["account"]?.string ?? "") }
        return try await token(text, "user").map { .person(Person(token: $0)) }
    }
}
