package import Contract
package import Core
import Relational

extension MemberStore {
    /// Whether somebody is a member, or was one and shows in the organization's history.
    func hasLeftTraces(_ id: UserID, in organization: OrganizationID, on connection: any RelationalConnection) throws -> Bool {
        try connection.exists(
            """
            SELECT 1 FROM app_user WHERE id = \(id) AND (
                EXISTS (SELECT 1 FROM member WHERE organization_id = \(organization) AND user_id = \(id))
                OR EXISTS (SELECT 1 FROM api_key WHERE organization_id = \(organization) AND user_id = \(id))
                OR EXISTS (SELECT 1 FROM post WHERE organization_id = \(organization) AND user_id = \(id)))
            """)
    }

    /// Takes a person out of the organization's data: membership, keys, invitations and sent mails go; name and e-mail address
    /// go too, unless the person is a member elsewhere. History stays, and names the person by an id that leads nowhere.
    package func erase(_ id: UserID, for caller: Caller) async throws -> ErasedMember {
        try caller.requireWhole("This erases a person from all of the organization")
        // The one kind of event that names people: keys are often called after them. Found before the transaction, since it is
        // a walk through the log.
        let named = try await engine.read { try keyEvents(of: id, in: caller.organizationID, on: $0) }
        return try await engine.write { connection in
            let organization = caller.organizationID
            guard try hasLeftTraces(id, in: organization, on: connection) else { throw APIError.notFound("member") }
            if let member = try find(id, in: organization, on: connection), member.role == .owner {
                throw APIError(
                    .conflict,
                    "The OWNER cannot be erased; hand ownership over first: POST /api/organization/transfer.")
            }
            let now = ambient.now()
            let email = try connection.first("SELECT email FROM app_user WHERE id = \(id)") { $0.text(0) } ?? ""
            try connection.execute("DELETE FROM member WHERE organization_id = \(organization) AND user_id = \(id)")
            try connection.execute(
                """
                UPDATE api_key SET name = \(Self.erasedName), allowed_addresses = '[]', revoked_at = coalesce(revoked_at, \(now))
                WHERE organization_id = \(organization) AND user_id = \(id)
                """)
            for (event, body) in named {
                try connection.execute(
                    "UPDATE event SET body = \(body) WHERE organization_id = \(organization) AND id = \(event)")
            }
            try connection.execute("DELETE FROM invite WHERE organization_id = \(organization) AND email = \(email)")
            // A mail is sealed and does not say to whom; what waits to be sent is of other people's making.
            try connection.execute("DELETE FROM mail WHERE organization_id = \(organization) AND next_at IS NULL")
            // Archives that were made before hold what is erased now.
            try connection.execute(
                """
                UPDATE data_export SET work_at = \(now), expires_at = \(now)
                WHERE organization_id = \(organization) AND status = 'SUCCEEDED'
                """)
            let isElsewhere = try connection.exists("SELECT 1 FROM member WHERE user_id = \(id)")
            if !isElsewhere {
                try connection.execute(
                    "UPDATE app_user SET name = NULL, email = \("erased-\(id)@erased.invalid") WHERE id = \(id)")
            }
            return ErasedMember(userID: id, isAccountErased: !isElsewhere, at: now)
        }
    }

    /// The events about a user's keys, as they read without the keys' names.
    private func keyEvents(
        of user: UserID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> [(event: EventID, body: String)] {
        let keys = Set(
            try connection.query("SELECT id FROM api_key WHERE organization_id = \(organization) AND user_id = \(user)") {
                $0.text(0)
            })
        return try connection.query(
            """
            SELECT id, body FROM event
            WHERE organization_id = \(organization) AND type IN (\(list: [KeyCreated.type, KeyRevoked.type]))
            """
        ) { row -> (event: EventID, body: String)? in
            guard case .object(var members)? = try? JSONValue(parsing: row.text(1)),
                let place = members.firstIndex(where: { $0.key == "data" }), case .object(var data) = members[place].value,
                let key = data.first(where: { $0.key == "keyId" })?.value.string, keys.contains(key),
                let name = data.firstIndex(where: { $0.key == "name" })
            else { return nil }
            data[name].value = .string(Self.erasedName)
            members[place].value = .object(data)
            return (row.id(0), JSONValue.object(members).text)
        }.compactMap(\.self)
    }

    private static let erasedName = "Erased"
}
