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
        email: String, role: Role, to organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> UserID {
        let now = ambient.now()
        let address = email.lowercased()
        try connection.execute(
            """
            INSERT INTO app_user (id, email, created_at) VALUES (\(ambient.newID(UserID.self)), \(address), \(now))
            ON CONFLICT (email) DO NOTHING
            """)
        guard let user = try connection.first("SELECT id FROM app_user WHERE email = \(address)", { $0.id(0, UserID.self) })
        else { throw RelationalError.unreadable("the user that was just added is not there") }
        try connection.execute(
            """
            INSERT INTO member (organization_id, user_id, role, created_at) VALUES (\(organization), \(user), \(role), \(now))
            """)
        return user
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<Member> {
        try await engine.read { connection in
            let rows = try connection.query(
                """
                SELECT m.user_id, u.email, u.name, m.role, m.created_at FROM member m JOIN app_user u ON u.id = m.user_id
                WHERE m.organization_id = \(organization) AND \(page.condition("m.user_id", ascending: true))
                \(page.tail("m.user_id", ascending: true))
                """
            ) { row in
                Member(
                    userID: row.id(0), email: row.text(1), name: row.optionalText(2), role: try row.value(3),
                    createdAt: row.instant(4))
            }
            return page.page(rows) { Cursor($0.userID) }
        }
    }
}
