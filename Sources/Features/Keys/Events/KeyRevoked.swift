package import Contract
package import Core

/// An API key was revoked.
package struct KeyRevoked: Event {
    package var keyID: KeyID
    package var title: String
    package var hint: String
    package var scope: Scope

    package init(keyID: KeyID, title: String, hint: String, scope: Scope) {
        self.keyID = keyID
        self.title = title
        self.hint = hint
        self.scope = scope
    }

    package init(_ key: Key) {
        self.init(keyID: key.id, title: key.name, hint: key.hint, scope: key.scope)
    }

    package static let type = "api_key.revoked"
    package static let name = "KeyRevokedEvent"
    package static let summary = "API key revoked"
    package static let properties: [Property<Self>] = [
        Property("keyId", "The key's id.") { $0.keyID },
        Property("name", "What it is for.") { $0.title },
        Property("hint", "The beginning of the key.") { $0.hint },
        Property("scope", "What it may do.") { $0.scope },
    ]
    package static let example = KeyRevoked(
        keyID: ID("cmb2k7q0x0000000000000004"), title: "CRM sync", hint: "sk_prod_4fKq…", scope: .readWrite)
}
