import Contract
import Core
import Features
import Relational

/// `audenci keys`: works while the server runs and while it does not.
package struct KeyCommands: Sendable {
    private let store: OpenedStore
    private let keys: KeyStore
    private let organization: OrganizationID

    /// - Parameter organization: may be left out when there is exactly one.
    package init(settings: Settings, organization: String?) async throws {
        store = try await OpenedStore(settings: settings)
        let world = try World(store: store, settings: settings)
        keys = world.keys
        self.organization = try await world.organization(named: organization)
    }

    package func create(name: String, scope: String, expiresAt: String?, development: Bool) async throws -> String {
        var fields: [JSONValue.Member] = [
            .init("name", .string(name)), .init("scope", .string(scope)), .init("development", .bool(development)),
        ]
        if let expiresAt { fields.append(.init("expiresAt", .string(expiresAt))) }
        var issues: [FieldIssue] = []
        guard let input = KeyInput.read(.object(fields), at: "", issues: &issues) else { throw APIError.invalid(issues) }
        let owner = try await keys.owner(of: organization)
        let new = try await keys.create(input, in: organization, by: owner)
        await store.close()
        return
            "\(new.secret.reveal())\n\(new.key.id)  \(new.key.scope.rawValue)  \(new.key.name)   (shown this once, store it now)"
    }

    package func list() async throws -> String {
        var lines: [String] = []
        var page = PageRequest(limit: 100)
        while true {
            let keys = try await keys.list(in: organization, page: page)
            lines += keys.items.map { key in
                let state =
                    key.revokedAt.map { "revoked \($0)" } ?? key.expiresAt.map { "expires \($0)" } ?? "active"
                return "\(key.id)  \(key.hint)  \(key.scope.rawValue)  \(state)  \(key.name)"
            }
            guard let next = keys.nextCursor else { break }
            page.after = Cursor(text: next)
        }
        await store.close()
        return lines.isEmpty ? "no keys" : lines.joined(separator: "\n")
    }

    package func rotate(_ id: String, graceSeconds: Int) async throws -> String {
        guard (0...604_800).contains(graceSeconds) else {
            throw SettingError("--grace-seconds=\(graceSeconds): allowed is 0 to 604800")
        }
        let owner = try await keys.owner(of: organization)
        let new = try await keys.rotate(KeyID(id), graceSeconds: graceSeconds, in: organization, by: owner)
        await store.close()
        return "\(new.secret.reveal())\n\(new.key.id)   (replaces \(id), which works for \(graceSeconds) more seconds)"
    }

    package func revoke(_ id: String) async throws -> String {
        try await keys.revoke(KeyID(id), in: organization, by: nil)
        await store.close()
        return "revoked \(id)"
    }
}
