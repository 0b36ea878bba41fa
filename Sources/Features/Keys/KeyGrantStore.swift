package import Contract
package import Core
import Relational

/// What a caller may do with keys: those that are limited to brands, or to sandbox accounts, see, make and replace no key
/// that may do more than they. Otherwise the limit would end with the first request of whoever holds such a key.
extension KeyStore {
    package func create(_ input: KeyInput, for caller: Caller) async throws -> NewKey {
        guard caller.mayGrant(input.brandIDs) else {
            throw APIError.invalid("brandIds", "must name brands that your key may see: nobody grants more than they have")
        }
        guard input.isDevelopment || !caller.isDevelopment else {
            throw APIError.invalid("development", "must be true: your key is for sandbox accounts itself")
        }
        return try await create(input, in: caller.organizationID, by: caller.userID)
    }

    package func get(_ id: KeyID, for caller: Caller) async throws -> Key {
        guard let key = try await find(id, in: caller.organizationID), Self.isVisible(key, to: caller) else {
            throw APIError.notFound("key")
        }
        return key
    }

    package func list(for caller: Caller, page: PageRequest) async throws -> Page<Key> {
        guard !caller.brandIDs.isEmpty || caller.isDevelopment else {
            return try await list(in: caller.organizationID, page: page)
        }
        let all = try await engine.read { connection in
            try connection.query(
                "SELECT \(Self.columns) FROM api_key WHERE organization_id = \(caller.organizationID) ORDER BY id DESC",
                Self.decode)
        }
        return page.page(of: all.filter { Self.isVisible($0, to: caller) }) { Cursor($0.id) }
    }

    package func revoke(_ id: KeyID, for caller: Caller) async throws {
        _ = try await get(id, for: caller)
        try await revoke(id, in: caller.organizationID, by: caller.userID)
    }

    package func rotate(_ id: KeyID, graceSeconds: Int, for caller: Caller) async throws -> NewKey {
        _ = try await get(id, for: caller)
        return try await rotate(id, graceSeconds: graceSeconds, in: caller.organizationID, by: caller.userID)
    }

    /// What a key is limited to never changes, so this holds for what follows. The caller's own key may be limited by its
    /// member alone.
    private static func isVisible(_ key: Key, to caller: Caller) -> Bool {
        key.id == caller.keyID || caller.mayGrant(key.brandIDs) && (key.isDevelopment || !caller.isDevelopment)
    }
}
