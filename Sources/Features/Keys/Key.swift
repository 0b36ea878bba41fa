package import Contract
package import Core

/// An API key, without its text: that is shown once, when it is made.
package struct Key: Sendable {
    package var id: KeyID
    package var organizationID: OrganizationID
    package var userID: UserID
    package var name: String
    package var hint: String
    package var scope: Scope
    package var brandIDs: [BrandID]
    package var isDevelopment: Bool
    package var createdAt: Instant
    package var expiresAt: Instant?
    package var revokedAt: Instant?
    package var lastUsedAt: Instant?
    package var rotatedFrom: KeyID?
    package var allowedAddresses: [String]
    package var version: APIVersion
}

extension Key: APIObject {
    package static let name = "Key"
    package static let properties: [Property<Self>] = [
        Property("id", "The key's id.") { $0.id },
        Property("name", "What it is for.") { $0.name },
        Property("hint", "The beginning of the key, to recognise it by.") { $0.hint },
        Property("scope", "What it may do.") { $0.scope },
        Property("brandIds", "The brands it is limited to; empty: all.") { $0.brandIDs },
        Property("development", "Whether it is an `sk_dev_` key, which sees sandbox accounts only.") { $0.isDevelopment },
        Property("createdAt", "When it was created.") { $0.createdAt },
        Property("expiresAt", "When it stops working.") { $0.expiresAt },
        Property("revokedAt", "When it was revoked.") { $0.revokedAt },
        Property("lastUsedAt", "When it was last used, to the minute.") { $0.lastUsedAt },
        Property("allowedAddresses", "The addresses and networks it may be used from; empty: everywhere.") {
            $0.allowedAddresses
        },
        Property("rotatedFrom", "The key that it replaced.") { $0.rotatedFrom },
        Property("apiVersion", "The version of the API that it is answered in, unless a request asks for another.") {
            $0.version.date
        },
    ]
    package static let example = Key(
        id: ID("cmb2k7q0x0000000000000004"), organizationID: ID("clx789xyz"), userID: ID("cmb2k7q0x0000000000000003"),
        name: "CRM sync", hint: "sk_prod_4fKq…", scope: .readWrite, brandIDs: [], isDevelopment: false,
        createdAt: Instant(seconds: 1_770_114_600), expiresAt: nil, revokedAt: nil, lastUsedAt: nil, rotatedFrom: nil,
        allowedAddresses: [], version: APIHistory.current.newest)
}

/// A key in the one answer that holds its text.
package struct NewKey: APIObject {
    package var key: Key
    package var secret: Secret

    package static let name = "NewKey"
    package static let properties: [Property<Self>] =
        [Property("key", "The key itself. It is shown this once; store it now.") { $0.secret.reveal() }]
        + Key.properties.map { property in property.lifted { $0.key } }
    package static let example = NewKey(key: .example, secret: Secret("sk_prod_0000000000000000000000000000000000AAAA"))
}

/// What a request says of a new key.
package struct KeyInput: APIInput {
    package var name = ""
    package var scope = Scope.readOnly
    package var expiresAt: Instant?
    package var brandIDs: [BrandID] = []
    package var isDevelopment = false
    package var allowedAddresses: [String] = []
    package var version = APIHistory.current.newest

    package init() {}

    package static let name = "KeyInput"
    package static let fields: [InputField<Self>] = [
        InputField("name", "What the key is for.", required: true, .length(1...120)) { $0.name = $1 },
        InputField("scope", "What the key may do; read-only unless said otherwise.") { $0.scope = $1 },
        InputField("expiresAt", "When it stops working; never, when absent.") { (input: inout Self, value: Change<Instant>) in
            input.expiresAt = value.value
        },
        InputField("brandIds", "Limit the key to these brands.", .count(0...100)) { $0.brandIDs = $1 },
        InputField("development", "Make an `sk_dev_` key, which sees sandbox accounts only.") { $0.isDevelopment = $1 },
        InputField(
            "allowedAddresses", "Addresses and networks, such as 203.0.113.7 or 10.1.0.0/16, that the key may be used from.",
            .count(0...100), .each(network)
        ) { $0.allowedAddresses = $1 },
        InputField("apiVersion", "Pin the key to this version of the API; the newest unless said otherwise.", version) {
            $0.version = APIVersion($1)
        },
    ]
    package static let example: JSONValue = ["name": "CRM sync", "scope": "read-write"]

    private static let version = Rule<String>([
        .init("enum", .array(APIHistory.current.versions.map { .string($0.date) }))
    ]) { date in
        APIHistory.current.versions.contains { $0.date == date } ? nil : "must be one of \(APIHistory.current.words)"
    }
    private static let network = Rule<String> { text in
        IPNetwork(text: text) == nil ? "is no IP address or network such as 203.0.113.7, 10.1.0.0/16 or fd00::/8" : nil
    }
}

/// How a rotation goes.
package struct KeyRotation: APIInput {
    package var graceSeconds = 86_400

    package init() {}

    package static let name = "KeyRotation"
    package static let fields: [InputField<Self>] = [
        InputField("graceSeconds", "How long the old key goes on working; a day unless said otherwise.", .range(0...604_800)) {
            $0.graceSeconds = $1
        }
    ]
    package static let example: JSONValue = ["graceSeconds": 3600]
}
