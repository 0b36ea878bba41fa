package import Contract
package import Core

/// Asks for the way to the page where a person agrees that we act for their profile.
package struct ConnectionInput: APIInput {
    package var brandID = BrandID("")
    package var baseURL: String?
    package var redirectTo: String?
    package var reconnect: SocialAccountID?

    package init() {}

    package static let name = "ConnectionInput"
    package static let fields: [InputField<Self>] = [
        InputField("brandId", "The brand that the account speaks for.", required: true) { $0.brandID = $1 },
        InputField(
            "baseUrl", "mastodon: the address of the instance, such as https://mastodon.social. Fixed for the other platforms.",
            .length(1...500)
        ) { $0.baseURL = $1 },
        InputField(
            "redirectTo", "A path of this server, such as /settings: where the person goes on afterwards.", .length(1...500)
        ) { $0.redirectTo = $1 },
        InputField("reconnect", "An account that is to get new tokens; its id stays.") { $0.reconnect = $1 },
    ]
    package static let example: JSONValue = [
        "brandId": "clx456def", "baseUrl": "https://mastodon.social", "redirectTo": "/settings/accounts",
    ]
}

/// Where the person is to be sent.
package struct ConnectionStart: APIObject, Sendable {
    package var url: String
    package var state: Secret
    package var expiresAt: Instant

    package static let name = "ConnectionStart"
    package static let properties: [Property<Self>] = [
        Property("url", "Open this in a browser: the platform asks there, and sends back to /oauth/callback.") { $0.url },
        Property("state", "Names this attempt; works once.") { $0.state.reveal() },
        Property("expiresAt", "Until when the person can agree.") { $0.expiresAt },
    ]
    package static let example = ConnectionStart(
        url: "https://mastodon.social/oauth/authorize?response_type=code&client_id=a&state=s", state: Secret("s"),
        expiresAt: Instant(seconds: 1_770_115_200))
}

/// One attempt to connect accounts, from the request for it to the answer of the platform.
package struct ConnectionFlow: Sendable {
    /// How long a person may take to agree, and then to choose.
    package static let lifetime = Duration.seconds(600)

    package var id: ConnectionID
    package var organizationID: OrganizationID
    package var userID: UserID
    package var brandID: BrandID
    package var platform: Platform
    package var baseURL: String
    package var reconnect: SocialAccountID?
    package var redirectTo: String?
    package var expiresAt: Instant
}

/// What became of an attempt.
package enum ConnectionOutcome: Sendable {
    case connected([SocialAccount], brand: String, redirectTo: String?)
    /// The person may act for several profiles and has to choose. The choice works once, for ten minutes.
    case choice(Secret, [VerifiedProfile], platform: Platform)
}

extension AuthorizedProfile {
    /// As it is sealed while a person chooses.
    var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
        func time(_ value: Instant?) -> JSONValue { value.map { .int($0.milliseconds) } ?? .null }
        return .object([
            .init("externalId", .string(profile.externalID)), .init("username", .string(profile.username)),
            .init("displayName", text(profile.displayName)), .init("accountType", text(profile.accountType?.rawValue)),
            .init("profileUrl", text(profile.profileURL)), .init("avatarUrl", text(profile.avatarURL)),
            .init("followerCount", profile.followerCount.map { .int($0) } ?? .null),
            .init("access", .string(tokens.access.reveal())), .init("refresh", text(tokens.refresh?.reveal())),
            .init("issuedAt", time(tokens.issuedAt)), .init("expiresAt", time(tokens.expiresAt)),
            .init("refreshExpiresAt", time(tokens.refreshExpiresAt)),
            .init("scopes", .array(tokens.scopes.map { .string($0) })), .init("clientId", text(tokens.clientID)),
        ])
    }

    init?(_ json: JSONValue) {
        guard let id = json["externalId"]?.string, let username = json["username"]?.string,
            let access = json["access"]?.string, let issuedAt = json["issuedAt"]?.int
        else { return nil }
        func time(_ key: String) -> Instant? { json[key]?.int.map { Instant(milliseconds: $0) } }
        profile = VerifiedProfile(
            externalID: id, username: username, displayName: json["displayName"]?.string,
            accountType: json["accountType"]?.string.flatMap(SocialAccount.Kind.init(rawValue:)),
            profileURL: json["profileUrl"]?.string, avatarURL: json["avatarUrl"]?.string,
            followerCount: json["followerCount"]?.int)
        tokens = AccountTokens(
            access: Secret(access), refresh: json["refresh"]?.string.map { Secret($0) },
            issuedAt: Instant(milliseconds: issuedAt), expiresAt: time("expiresAt"),
            refreshExpiresAt: time("refreshExpiresAt"), scopes: json["scopes"]?.array?.compactMap(\.string) ?? [],
            clientID: json["clientId"]?.string)
    }
}
