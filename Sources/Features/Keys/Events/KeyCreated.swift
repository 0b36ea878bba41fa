package import Contract
package import Core

/// An API key was created. The key itself is not in here.
package struct KeyCreated: Event {
    package var keyID: KeyID
    package var title: String
    package var hint: String
    package var scope: Scope
    package var rotatedFrom: KeyID?

    package init(keyID: KeyID, title: String, hint: String, scope: Scope, rotatedFrom: KeyID?) {
        self.keyID = keyID
        self.title = title
        self.hint = hint
        self.scope = scope
        self.rotatedFrom = rotatedFrom
    }

    package init(_ key: Key) {
        self.init(keyID: key.id, title: key.name, hint: key.hint, scope: key.scope, rotatedFrom: key.rotatedFrom)
    }

    package static let type = "api_key.created"
    package static let name = "KeyCreatedEvent"
    package static let summary = "API key created"
    package static let properties: [Property<Self>] = [
        Property("keyId", "The key's id.") { $0.keyID },
        Property("name", "What it is for.") { $0.title },
        Property("hint", "The beginning of the key.") { $0.hint },
        Property("scope", "What it may do.") { $0.scope },
        Property("rotatedFrom", "The key that it replaces.") { $0.rotatedFrom },
    ]
    package static let example = KeyCreated(
        keyID: ID("cmb2k7q0x0000000000000004"), title: "CRM sync", hint: "sk_prod_4fKq…", scope: .readWrite,
        rotatedFrom: nil)
}
