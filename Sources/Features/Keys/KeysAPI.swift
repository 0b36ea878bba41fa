package import Contract
import Core

package struct KeysAPI: Sendable {
    let keys: KeyStore

    package init(keys: KeyStore) { self.keys = keys }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: KeyID.self, "The key.")
        return [
            Endpoint("GET", "/api/keys", id: "keys.list", "List the API keys.", scope: .admin, PageParameters()) {
                caller, page in
                Paged(try await keys.list(for: caller, page: page))
            },
            Endpoint(
                "POST", "/api/keys", id: "keys.create", "Create an API key. Its text is in this answer and nowhere else.",
                scope: .admin, JSONBody(KeyInput.self)
            ) { caller, input in
                let new = try await keys.create(input, for: caller)
                return Created(new, at: "/api/keys/\(new.key.id)")
            },
            Endpoint("GET", "/api/keys/{id}", id: "keys.get", "Get an API key, without its text.", scope: .admin, id) {
                caller, id in
                OK(try await keys.get(id, for: caller))
            },
            Endpoint("DELETE", "/api/keys/{id}", id: "keys.revoke", "Revoke an API key, at once.", scope: .admin, id) {
                caller, id in
                try await keys.revoke(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
            Endpoint(
                "POST", "/api/keys/{id}/rotate", id: "keys.rotate",
                "Make a successor of an API key; the old one works on until the grace ends.", scope: .admin,
                errors: [.conflict],
                id, JSONBody(KeyRotation.self, optional: true)
            ) { caller, id, rotation in
                let new = try await keys.rotate(id, graceSeconds: rotation.graceSeconds, for: caller)
                return Created(new, at: "/api/keys/\(new.key.id)")
            },
        ]
    }
}
