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
        try await engine.write { connection in
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
                DELETE FROM request_repeat WHERE organization_id = \(organization)
                    AND key_id IN (SELECT id FROM api_key WHERE organization_id = \(organization) AND user_id = \(id))
                """)
            try connection.execute(
                """
                UPDATE api_key SET name = 'Erased', allowed_addresses = '[]', revoked_at = coalesce(revoked_at, \(now))
                WHERE organization_id = \(organization) AND user_id = \(id)
                """)
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
}
