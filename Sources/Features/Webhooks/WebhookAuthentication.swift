package import Contract
package import Core

/// How deliveries show the receiver who they are, beyond their signature. Sealed at rest, masked in replies.
package struct WebhookAuthentication: Sendable {
    package enum Kind: String, Sendable, CaseIterable, APIEnum { case basic, bearer, oauth2, certificate }

    package var kind: Kind?
    package var username: String?
    package var password: Secret?
    package var token: Secret?
    package var tokenURL: String?
    package var clientID: String?
    package var clientSecret: Secret?
    package var scope: String?
    package var audience: String?
    /// A PEM chain and its key: mutual TLS. May stand beside any other kind.
    package var certificate: String?
    package var privateKey: Secret?

    package init() {}

    init(json: JSONValue) {
        kind = json["type"]?.string.flatMap(Kind.init)
        username = json["username"]?.string
        password = json["password"]?.string.map { Secret($0) }
        token = json["token"]?.string.map { Secret($0) }
        tokenURL = json["tokenUrl"]?.string
        clientID = json["clientId"]?.string
        clientSecret = json["clientSecret"]?.string.map { Secret($0) }
        scope = json["scope"]?.string
        audience = json["audience"]?.string
        certificate = json["certificate"]?.string
        privateKey = json["privateKey"]?.string.map { Secret($0) }
    }

    /// With its secrets: to be sealed.
    var json: JSONValue {
        let all: [(String, String?)] = [
            ("type", kind?.rawValue), ("username", username), ("password", password?.reveal()), ("token", token?.reveal()),
            ("tokenUrl", tokenURL), ("clientId", clientID), ("clientSecret", clientSecret?.reveal()), ("scope", scope),
            ("audience", audience), ("certificate", certificate), ("privateKey", privateKey?.reveal()),
        ]
        return .object(all.compactMap { name, value in value.map { .init(name, .string($0)) } })
    }
}

extension WebhookAuthentication: APIObject {
    package static let name = "WebhookAuthentication"
    package static let properties: [Property<Self>] = [
        Property("type", "How it is done.") { $0.kind },
        Property(omittable: "username", "basic: the name.") { $0.username },
        Property(omittable: "password", "basic: the password, masked.") { $0.password.map(Webhook.masked) },
        Property(omittable: "token", "bearer: the token, masked.") { $0.token.map(Webhook.masked) },
        Property(omittable: "tokenUrl", "oauth2: where tokens come from.") { $0.tokenURL },
        Property(omittable: "clientId", "oauth2: who asks for them.") { $0.clientID },
        Property(omittable: "clientSecret", "oauth2: its secret, masked.") { $0.clientSecret.map(Webhook.masked) },
        Property(omittable: "scope", "oauth2: what the token may do.") { $0.scope },
        Property(omittable: "audience", "oauth2: whom the token is for.") { $0.audience },
        Property(omittable: "certificate", "The client certificate of mutual TLS; its key is never shown.") { $0.certificate },
    ]
    package static let example: Self = {
        var example = WebhookAuthentication()
        example.kind = .bearer
        example.token = Secret("0123456789abcdef")
        return example
    }()
}

/// What a request says of the authentication.
package struct WebhookAuthenticationInput: APIInput {
    package var value = WebhookAuthentication()

    package init() {}

    package static let name = "WebhookAuthenticationInput"
    package static let fields: [InputField<Self>] = [
        InputField("type", "basic, bearer, oauth2 (client credentials) or certificate (mutual TLS only).", required: true) {
            $0.value.kind = $1
        },
        InputField("username", "basic: the name.", .length(1...200)) { $0.value.username = $1 },
        InputField("password", "basic: the password.", .length(1...1024)) { (input: inout Self, text: String) in
            input.value.password = Secret(text)
        },
        InputField("token", "bearer: the token.", .length(1...4096)) { (input: inout Self, text: String) in
            input.value.token = Secret(text)
        },
        InputField("tokenUrl", "oauth2: where tokens come from, an https URL.", .length(1...2048)) { $0.value.tokenURL = $1 },
        InputField("clientId", "oauth2: who asks for them.", .length(1...500)) { $0.value.clientID = $1 },
        InputField("clientSecret", "oauth2: its secret.", .length(1...1024)) { (input: inout Self, text: String) in
            input.value.clientSecret = Secret(text)
        },
        InputField("scope", "oauth2: what the token may do.", .length(1...1000)) { $0.value.scope = $1 },
        InputField("audience", "oauth2: whom the token is for.", .length(1...1000)) { $0.value.audience = $1 },
        InputField("certificate", "Mutual TLS: the certificate and its chain, PEM.", .length(1...32_768)) {
            $0.value.certificate = $1
        },
        InputField("privateKey", "Mutual TLS: the certificate's key, PEM.", .length(1...16_384)) {
            (input: inout Self, text: String) in input.value.privateKey = Secret(text)
        },
    ]
    package static let example: JSONValue = ["type": "bearer", "token": "YOUR_TOKEN"]

    /// What is missing for the kind that was chosen, or does not belong to it.
    package var issues: [FieldIssue] {
        let needed: [(String, Bool)] =
            switch value.kind {
            case .basic: [("username", value.username == nil), ("password", value.password == nil)]
            case .bearer: [("token", value.token == nil)]
            case .oauth2:
                [
                    ("tokenUrl", value.tokenURL == nil), ("clientId", value.clientID == nil),
                    ("clientSecret", value.clientSecret == nil),
                ]
            case .certificate: [("certificate", value.certificate == nil)]
            case nil: []
            }
        var issues = needed.filter(\.1).map {
            FieldIssue("authentication.\($0.0)", "is required for \(value.kind?.rawValue ?? "")")
        }
        if (value.certificate == nil) != (value.privateKey == nil) {
            issues.append(FieldIssue("authentication.privateKey", "must come together with certificate"))
        }
        if let username = value.username, username.contains(":") {
            issues.append(FieldIssue("authentication.username", "must not contain a colon"))
        }
        for (name, text) in [
            ("username", value.username), ("token", value.token?.reveal()), ("password", value.password?.reveal()),
        ]
        where text?.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) == true {
            issues.append(FieldIssue("authentication.\(name)", "must not contain control characters"))
        }
        return issues
    }
}
