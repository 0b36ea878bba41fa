package import Contract
package import Core
package import Relational

/// Makes, finds, rotates and revokes API keys. Holds no cache: a revocation works with the next request, on every node.
package struct KeyStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let outbox: Outbox
    private let usage = KeyUsage()

    package init(engine: any RelationalEngine, ambient: Ambient, outbox: Outbox) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
    }

    // MARK: Authentication

    /// Who the bearer of this text is.
    /// - Throws: ``APIError`` `unauthorized`, saying which of mistyped, unknown, expired or revoked it is. All four are
    ///   told only to someone who holds the text.
    /// - Parameter address: the network address it comes from; nil when that is not known.
    package func authenticate(_ bearer: Secret, from address: String? = nil) async throws -> Caller {
        guard let text = KeyText(bearer) else {
            throw Self.unauthorized("The API key is mistyped: keys look like sk_prod_ or sk_dev_ and 36 characters.")
        }
        guard let found = try await find(where: "k.digest = \(text.digest)") else {
            throw Self.unauthorized("The API key is unknown.")
        }
        guard found.hasMember else {
            throw Self.unauthorized("The member who made the API key is no longer in the organization; create a new key.")
        }
        if found.isRevoked { throw Self.unauthorized("The API key was revoked; create a new one.") }
        let now = ambient.now()
        if let expiresAt = found.expiresAt, expiresAt <= now {
            throw Self.unauthorized("The API key expired at \(expiresAt); create a new one.")
        }
        try Self.requireAddress(found.caller, address)
        usage.note(found.caller.organizationID, found.caller.keyID, at: now)
        return found.caller
    }

    /// Whether a caller would be let in again and see as much as before: for answers that go on for long.
    package func isValid(_ caller: Caller) async throws -> Bool {
        let condition: Query = "k.organization_id = \(caller.organizationID) AND k.id = \(caller.keyID)"
        guard let found = try await find(where: condition), found.hasMember, !found.isRevoked else { return false }
        return found.expiresAt.map { $0 > ambient.now() } ?? true && found.caller.brandIDs == caller.brandIDs
    }

    private func find(where condition: Query) async throws -> Found? {
        try await engine.readByKey { connection in
            try connection.first(
                """
                SELECT k.organization_id, k.id, k.user_id, k.scope, k.brand_ids, k.is_development, k.expires_at, k.revoked_at,
                       coalesce(o.requests_per_hour, p.requests_per_hour), m.role, k.allowed_addresses, m.brand_ids,
                       k.api_version
                FROM api_key k JOIN organization o ON o.id = k.organization_id AND o.deleted_at IS NULL JOIN plan p ON p.id = o.plan
                LEFT JOIN member m ON m.organization_id = k.organization_id AND m.user_id = k.user_id
                WHERE \(condition)
                """
            ) { row in
                let addresses = row.text(10)
                return Found(
                    caller: Caller(
                        organizationID: row.id(0), keyID: row.id(1), userID: row.id(2), scope: try row.value(3),
                        role: row.isNull(9) ? .viewer : try row.value(9),
                        brandIDs: Self.narrower(row.text(4), row.optionalText(11) ?? "[]"),
                        isDevelopment: row.bool(5), requestsPerHour: Int(row.int(8)),
                        allowedAddresses: addresses == "[]" ? [] : StringList.decode(addresses),
                        version: APIVersion(row.text(12))),
                    expiresAt: row.optionalInstant(6), isRevoked: !row.isNull(7), hasMember: !row.isNull(9))
            }
        }
    }

    private struct Found: Sendable {
        var caller: Caller
        var expiresAt: Instant?
        var isRevoked: Bool
        var hasMember: Bool
    }

    /// The brands that both the key and its member are limited to. No brand at all is a list that matches none: an empty
    /// one would mean all.
    private static func narrower(_ key: String, _ member: String) -> [BrandID] {
        let ofKey = key == "[]" ? [] : StringList.decode(key)
        let ofMember = member == "[]" ? [] : StringList.decode(member)
        if ofKey.isEmpty || ofMember.isEmpty { return (ofKey + ofMember).map { BrandID($0) } }
        let both = ofKey.filter(ofMember.contains)
        return both.isEmpty ? [BrandID("none")] : both.map { BrandID($0) }
    }

    private static func requireAddress(_ caller: Caller, _ address: String?) throws(APIError) {
        guard !caller.allowedAddresses.isEmpty else { return }
        // A server that listens on IPv6 too sees IPv4 peers as mapped addresses.
        let known = address.flatMap { IPAddress($0) }.map { $0.embeddedV4 ?? $0 }
        if let known, caller.allowedAddresses.contains(where: { IPNetwork(text: $0)?.contains(known) ?? false }) { return }
        throw APIError(
            .forbidden,
            "The API key may not be used from \(known.map(\.description) ?? "here"); its allowedAddresses name from where.")
    }

    private static func unauthorized(_ message: String) -> APIError { APIError(.unauthorized, message) }

    /// Writes down when keys were used since the last call. Run by a duty, not by requests.
    package func flushUsage() async throws {
        let used = usage.take()
        guard !used.isEmpty else { return }
        try await engine.write { connection in
            for (key, time) in used {
                try connection.execute(
                    """
                    UPDATE api_key SET last_used_at = \(time)
                    WHERE organization_id = \(key.organization) AND id = \(key.key)
                      AND (last_used_at IS NULL OR last_used_at < \(time))
                    """)
            }
        }
    }

    // MARK: Management

    /// Makes a key on the caller's transaction. Its text is in the answer and nowhere else.
    package func create(
        _ input: KeyInput, in organization: OrganizationID, by user: UserID, rotatedFrom: KeyID? = nil,
        on connection: any RelationalConnection
    ) throws -> NewKey {
        let now = ambient.now()
        if let expiresAt = input.expiresAt, expiresAt <= now { throw APIError.invalid("expiresAt", "must be in the future") }
        for brand in input.brandIDs
        where try !connection.exists("SELECT 1 FROM brand WHERE organization_id = \(organization) AND id = \(brand)") {
            throw APIError.invalid("brandIds", "names no brand of this organization: \(brand)")
        }
        let text = KeyText(isDevelopment: input.isDevelopment, ambient: ambient)
        let key = Key(
            id: ambient.newID(), organizationID: organization, userID: user, name: input.name, hint: text.hint,
            scope: input.scope, brandIDs: input.brandIDs, isDevelopment: input.isDevelopment, createdAt: now,
            expiresAt: input.expiresAt, revokedAt: nil, lastUsedAt: nil, rotatedFrom: rotatedFrom,
            allowedAddresses: input.allowedAddresses, version: input.version)
        try connection.execute(
            """
            INSERT INTO api_key (\(Self.columns), digest)
            VALUES (\(organization), \(key.id), \(user), \(key.name), \(key.hint), \(key.scope),
                    \(StringList.encode(key.brandIDs.map(\.rawValue))), \(key.isDevelopment), \(now), \(key.expiresAt),
                    \(Instant?.none), \(Instant?.none), \(rotatedFrom),
                    \(StringList.encode(key.allowedAddresses)), \(key.version.date), \(text.digest))
            """)
        try outbox.append(KeyCreated(key), for: organization, brand: nil, user: user, on: connection)
        return NewKey(key: key, secret: text.secret)
    }

    /// Makes a key. Its text is in the answer and nowhere else.
    package func create(_ input: KeyInput, in organization: OrganizationID, by user: UserID) async throws -> NewKey {
        let new = try await engine.write { try create(input, in: organization, by: user, on: $0) }
        outbox.wake.signal()
        return new
    }

    package func find(_ id: KeyID, in organization: OrganizationID) async throws -> Key? {
        try await engine.readByKey { try find(id, in: organization, on: $0) }
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<Key> {
        try await engine.read { connection in
            var conditions: [Query] = ["organization_id = \(organization)"]
            conditions.append(page.condition("id"))
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM api_key WHERE \(Query.all(conditions)) \(page.tail("id"))",
                Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// The organization's owner, in whose name the operator's commands act.
    package func owner(of organization: OrganizationID) async throws -> UserID {
        let owner = try await engine.readByKey { connection in
            try connection.first("SELECT user_id FROM member WHERE organization_id = \(organization) AND role = 'OWNER'") {
                $0.id(0, UserID.self)
            }
        }
        guard let owner else { throw APIError.notFound("organization") }
        return owner
    }

    /// Makes a successor with the same rights; the old key works on until the grace ends.
    package func rotate(_ id: KeyID, graceSeconds: Int, in organization: OrganizationID, by user: UserID) async throws -> NewKey
    {
        let rotated = try await engine.write { connection in
            guard let old = try find(id, in: organization, on: connection) else { throw APIError.notFound("key") }
            if old.revokedAt != nil {
                throw APIError(.conflict, "The key was revoked; a revoked key cannot be rotated. Create a new one.")
            }
            var input = KeyInput()
            input.name = old.name
            input.scope = old.scope
            input.expiresAt = old.expiresAt
            input.brandIDs = old.brandIDs
            input.isDevelopment = old.isDevelopment
            input.allowedAddresses = old.allowedAddresses
            input.version = old.version
            let new = try create(input, in: organization, by: user, rotatedFrom: old.id, on: connection)
            let end = ambient.now() + .seconds(graceSeconds)
            try connection.execute(
                """
                UPDATE api_key SET expires_at = \(min(end, old.expiresAt ?? end))
                WHERE organization_id = \(organization) AND id = \(id)
                """)
            return new
        }
        outbox.wake.signal()
        return rotated
    }

    /// Ends the key now. Doing it again changes nothing.
    /// - Parameter user: who does it; nil for the operator's command.
    package func revoke(_ id: KeyID, in organization: OrganizationID, by user: UserID?) async throws {
        let now = ambient.now()
        try await engine.write { connection in
            guard let key = try find(id, in: organization, on: connection) else { throw APIError.notFound("key") }
            let revoked = try connection.execute(
                """
                UPDATE api_key SET revoked_at = \(now)
                WHERE organization_id = \(organization) AND id = \(id) AND revoked_at IS NULL
                """)
            if revoked == 1 {
                try outbox.append(KeyRevoked(key), for: organization, brand: nil, user: user, on: connection)
            }
        }
        outbox.wake.signal()
    }

    private func find(_ id: KeyID, in organization: OrganizationID, on connection: any RelationalConnection) throws -> Key? {
        try connection.first(
            "SELECT \(Self.columns) FROM api_key WHERE organization_id = \(organization) AND id = \(id)", Self.decode)
    }

    static let columns: Query = """
        organization_id, id, user_id, name, hint, scope, brand_ids, is_development, created_at, expires_at, revoked_at, \
        last_used_at, rotated_from, allowed_addresses, api_version
        """

    static func decode(_ row: any ResultRow) throws -> Key {
        Key(
            id: row.id(1), organizationID: row.id(0), userID: row.id(2), name: row.text(3), hint: row.text(4),
            scope: try row.value(5), brandIDs: StringList.decode(row.text(6)).map { BrandID($0) }, isDevelopment: row.bool(7),
            createdAt: row.instant(8), expiresAt: row.optionalInstant(9), revokedAt: row.optionalInstant(10),
            lastUsedAt: row.optionalInstant(11), rotatedFrom: row.optionalID(12),
            allowedAddresses: StringList.decode(row.text(13)), version: APIVersion(row.text(14)))
    }
}
