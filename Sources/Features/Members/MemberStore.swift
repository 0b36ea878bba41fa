package import Contract
package import Core
package import Relational

/// Reads and writes members.
package struct MemberStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    /// Makes the user of that e-mail address a member, on the caller's transaction. A user who is there already keeps
    /// the id: one person, several organizations.
    package func add(
        email: String, role: Role, brandIDs: [BrandID] = [], name: String? = nil, to organization: OrganizationID,
        on connection: any RelationalConnection
    ) throws -> UserID {
        let now = ambient.now()
        let address = email.lowercased()
        try connection.execute(
            """
            INSERT INTO app_user (id, email, name, created_at) VALUES (\(ambient.newID(UserID.self)), \(address), \(name), \(now))
            ON CONFLICT (email) DO NOTHING
            """)
        guard let user = try connection.first("SELECT id FROM app_user WHERE email = \(address)", { $0.id(0, UserID.self) })
        else { throw RelationalError.unreadable("the user that was just added is not there") }
        try connection.execute(
            """
            INSERT INTO member (organization_id, user_id, role, brand_ids, created_at)
            VALUES (\(organization), \(user), \(role), \(StringList.encode(brandIDs.map(\.rawValue))), \(now))
            """)
        return user
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<Member> {
        try await engine.read { connection in
            let rows = try connection.query(
                """
                SELECT \(Self.columns) FROM member m JOIN app_user u ON u.id = m.user_id
                WHERE m.organization_id = \(organization) AND \(page.condition("m.user_id", ascending: true))
                \(page.tail("m.user_id", ascending: true))
                """, Self.decode)
            return page.page(rows) { Cursor($0.userID) }
        }
    }

    private static let columns: Query = "m.user_id, u.email, u.name, m.role, m.created_at, m.brand_ids"

    private static func decode(_ row: any ResultRow) throws -> Member {
        Member(
            userID: row.id(0), email: row.text(1), name: row.optionalText(2), role: try row.value(3),
            brandIDs: StringList.decode(row.text(5)).map { BrandID($0) }, createdAt: row.instant(4))
    }

    package func find(_ id: UserID, in organization: OrganizationID) async throws -> Member? {
        try await engine.readByKey { try find(id, in: organization, on: $0) }
    }

    func find(_ id: UserID, in organization: OrganizationID, on connection: any RelationalConnection) throws -> Member? {
        try connection.first(
            """
            SELECT \(Self.columns) FROM member m JOIN app_user u ON u.id = m.user_id
            WHERE m.organization_id = \(organization) AND m.user_id = \(id)
            """, Self.decode)
    }

    /// Changes a member's role or brands. It counts with the next request of every key that the member made.
    package func update(_ id: UserID, with input: MemberInput, for caller: Caller) async throws -> Member {
        try await engine.write { connection in
            var member = try changeable(id, for: caller, on: connection)
            if let role = input.role {
                guard role < .owner else {
                    throw APIError.invalid("role", "cannot be OWNER; POST /api/organization/transfer hands ownership over")
                }
                member.role = role
            }
            if let brands = input.brandIDs { try requireGrantable(brands, by: caller, on: connection) }
            member.brandIDs = input.brandIDs ?? member.brandIDs
            if !member.brandIDs.isEmpty {
                try connection.execute(
                    InboxQueries.release(id, in: caller.organizationID, except: member.brandIDs, at: ambient.now()))
            }
            try connection.execute(
                """
                UPDATE member SET role = \(member.role), brand_ids = \(StringList.encode(member.brandIDs.map(\.rawValue)))
                WHERE organization_id = \(caller.organizationID) AND user_id = \(id)
                """)
            return member
        }
    }

    /// Takes a member out; the member's keys stop working with their next request, and what the member was to take care of
    /// in the inbox is nobody's again.
    package func remove(_ id: UserID, for caller: Caller) async throws {
        try await engine.write { connection in
            _ = try changeable(id, for: caller, on: connection)
            try connection.execute(InboxQueries.release(id, in: caller.organizationID, except: [], at: ambient.now()))
            try connection.execute(
                "DELETE FROM member WHERE organization_id = \(caller.organizationID) AND user_id = \(id)")
        }
    }

    /// Makes another member OWNER and the present one ADMIN, in one step: there is exactly one at every moment.
    package func transfer(to id: UserID, for caller: Caller) async throws -> Member {
        try caller.requireWhole("This hands over all of the organization")
        return try await engine.write { connection in
            guard var heir = try find(id, in: caller.organizationID, on: connection) else {
                throw APIError.invalid("userId", "names no member of this organization")
            }
            guard heir.role != .owner else { throw APIError.invalid("userId", "names the member who owns it already") }
            try connection.execute(
                "UPDATE member SET role = 'ADMIN' WHERE organization_id = \(caller.organizationID) AND role = 'OWNER'")
            try connection.execute(
                """
                UPDATE member SET role = 'OWNER', brand_ids = '[]'
                WHERE organization_id = \(caller.organizationID) AND user_id = \(id)
                """)
            heir.role = .owner
            heir.brandIDs = []
            return heir
        }
    }

    private func changeable(_ id: UserID, for caller: Caller, on connection: any RelationalConnection) throws -> Member {
        guard let member = try find(id, in: caller.organizationID, on: connection) else { throw APIError.notFound("member") }
        guard member.role != .owner else {
            throw APIError(
                .conflict, "The OWNER cannot be changed or removed; hand ownership over first: POST /api/organization/transfer."
            )
        }
        try Self.requireReach(over: member.brandIDs, by: caller)
        return member
    }

    /// Refuses a caller who sees less than a member or an invited person may.
    static func requireReach(over brands: [BrandID], by caller: Caller) throws(APIError) {
        guard !caller.isDevelopment, caller.mayGrant(brands) else {
            throw APIError(.forbidden, "This is about somebody who may see more of the organization than this key.")
        }
    }

    /// Refuses brands that are none of the organization's, and more than the caller has: no brands are all of them.
    func requireGrantable(_ ids: [BrandID], by caller: Caller, on connection: any RelationalConnection) throws {
        guard caller.mayGrant(ids) else {
            throw APIError.invalid("brandIds", "must name brands that your key may see: nobody grants more than they have")
        }
        for id in ids
        where try !connection.exists(
            "SELECT 1 FROM brand WHERE organization_id = \(caller.organizationID) AND id = \(id) AND deleted_at IS NULL")
        {
            throw APIError.invalid("brandIds", "names no brand of this organization: \(id)")
        }
    }
}
