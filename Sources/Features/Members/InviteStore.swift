package import Contract
package import Core
package import Relational

/// Invites people, and takes in those who come.
package struct InviteStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    private let members: MemberStore
    private let keys: KeyStore
    private let mails: MailStore
    private let publicURL: String

    package init(
        engine: any RelationalEngine, ambient: Ambient, members: MemberStore, keys: KeyStore, mails: MailStore,
        publicURL: String
    ) {
        self.engine = engine
        self.ambient = ambient
        self.members = members
        self.keys = keys
        self.mails = mails
        self.publicURL = publicURL
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<Invite> {
        let now = ambient.now()
        return try await engine.read { connection in
            let rows = try connection.query(
                """
                SELECT \(Self.columns) FROM invite WHERE organization_id = \(organization) AND \(page.condition("id"))
                \(page.tail("id"))
                """
            ) { try Self.decode($0, now: now) }
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// Invites, and queues the mail: in one transaction.
    package func create(_ input: InviteInput, for caller: Caller) async throws -> NewInvite {
        guard input.role < .owner else { throw APIError.invalid("role", "must be ADMIN, MANAGER, CREATOR or VIEWER") }
        guard input.role <= caller.role else {
            throw APIError.invalid("role", "must be \(caller.role.rawValue) or less: nobody grants more than they have")
        }
        guard !caller.isDevelopment else {
            throw APIError(.forbidden, "An sk_dev_ key cannot invite anybody: members see more than sandbox accounts.")
        }
        let token = Base62.random(32, ambient)
        let new = try await engine.write { connection in
            try members.requireGrantable(input.brandIDs, by: caller, on: connection)
            let isMember = try connection.exists(
                """
                SELECT 1 FROM member m JOIN app_user u ON u.id = m.user_id
                WHERE m.organization_id = \(caller.organizationID) AND u.email = \(input.email)
                """)
            if isMember {
                throw APIError(
                    .conflict, "\(input.email) is a member already.", details: [FieldIssue("email", "must not be a member")])
            }
            let now = ambient.now()
            try connection.execute(
                """
                UPDATE invite SET status = 'CANCELLED'
                WHERE organization_id = \(caller.organizationID) AND email = \(input.email) AND status = 'PENDING'
                """)
            let invite = Invite(
                id: ambient.newID(), organizationID: caller.organizationID, email: input.email, role: input.role,
                brandIDs: input.brandIDs, message: input.message, invitedBy: caller.userID, status: .pending,
                expiresAt: now + Invite.lifetime, createdAt: now, version: 1)
            try connection.execute(
                """
                INSERT INTO invite (\(Self.columns), digest, updated_at)
                VALUES (\(invite.organizationID), \(invite.id), \(invite.email), \(invite.role),
                        \(StringList.encode(invite.brandIDs.map(\.rawValue))), \(invite.message), \(invite.invitedBy), 'PENDING',
                        \(invite.expiresAt), \(now), 1, \(Self.digest(token)), \(now))
                """)
            try mail(invite, token, on: connection)
            return NewInvite(invite: invite, url: url(token))
        }
        mails.wake.signal()
        return new
    }

    /// Sends the invitation again, with a new link and seven more days; the old link stops working.
    package func resend(_ id: InviteID, for caller: Caller) async throws -> NewInvite {
        let token = Base62.random(32, ambient)
        let sent = try await engine.write { connection in
            var invite = try pending(id, for: caller, on: connection)
            invite.expiresAt = ambient.now() + Invite.lifetime
            invite.status = .pending
            invite.version += 1
            try connection.execute(
                """
                UPDATE invite SET digest = \(Self.digest(token)), expires_at = \(invite.expiresAt), version = \(invite.version),
                    updated_at = \(ambient.now())
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
            try mail(invite, token, on: connection)
            return NewInvite(invite: invite, url: url(token))
        }
        mails.wake.signal()
        return sent
    }

    package func cancel(_ id: InviteID, for caller: Caller) async throws {
        try await engine.write { connection in
            _ = try pending(id, for: caller, on: connection)
            try connection.execute(
                """
                UPDATE invite SET status = 'CANCELLED', version = version + 1, updated_at = \(ambient.now())
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
        }
    }

    private func pending(_ id: InviteID, for caller: Caller, on connection: any RelationalConnection) throws -> Invite {
        let now = ambient.now()
        let found = try connection.first(
            "SELECT \(Self.columns) FROM invite WHERE organization_id = \(caller.organizationID) AND id = \(id)"
        ) { try Self.decode($0, now: now) }
        guard let found else { throw APIError.notFound("invite") }
        try caller.checkVersion(found.version)
        guard found.status == .pending || found.status == .expired else {
            throw APIError(.conflict, "The invitation is \(found.status.rawValue) already.")
        }
        guard found.role <= caller.role else {
            throw APIError(
                .forbidden, "An invitation for \(found.role.rawValue) is for members of that role or more to change.")
        }
        try MemberStore.requireReach(over: found.brandIDs, by: caller)
        return found
    }

    // MARK: The invited

    /// The invitation behind a link.
    /// - Throws: 404 for a link that is not valid any more.
    package func open(_ token: String) async throws -> Invite {
        let now = ambient.now()
        let found = try await engine.readByKey { connection in
            try connection.first("SELECT \(Self.columns) FROM invite WHERE digest = \(Self.digest(token))") {
                try Self.decode($0, now: now)
            }
        }
        guard let found, found.status == .pending else {
            throw APIError(.notFound, "This invitation is not valid, or not any more; ask for a new one.")
        }
        return found
    }

    /// Makes the invited a member, with a key of their own whose scope is what the role allows.
    package func accept(_ token: String, name: String) async throws -> NewKey {
        let now = ambient.now()
        let key = try await engine.write { connection in
            let found = try connection.first("SELECT \(Self.columns) FROM invite WHERE digest = \(Self.digest(token))") {
                try Self.decode($0, now: now)
            }
            guard let invite = found, invite.status == .pending else {
                throw APIError(.notFound, "This invitation is not valid, or not any more; ask for a new one.")
            }
            let user = try members.add(
                email: invite.email, role: invite.role, brandIDs: invite.brandIDs, name: name, to: invite.organizationID,
                on: connection)
            try connection.execute(
                """
                UPDATE invite SET status = 'ACCEPTED', version = version + 1, updated_at = \(now)
                WHERE organization_id = \(invite.organizationID) AND id = \(invite.id)
                """)
            var input = KeyInput()
            input.name = name.isEmpty ? invite.email : name
            input.scope = Scope.allCases.last { $0.role <= invite.role } ?? .readOnly
            return try keys.create(input, in: invite.organizationID, by: user, on: connection)
        }
        return key
    }

    private func mail(_ invite: Invite, _ token: String, on connection: any RelationalConnection) throws {
        let organization =
            try connection.first("SELECT name FROM organization WHERE id = \(invite.organizationID)") { $0.text(0) } ?? ""
        let note = invite.message.map { "\n\($0)\n" } ?? ""
        let text = """
            You are invited to \(organization) on Audenci as \(invite.role.rawValue).
            \(note)
            Accept the invitation here, until \(invite.expiresAt):
            \(url(token).reveal())

            If you did not expect this, ignore it: nothing happens without you.
            """
        try mails.enqueue(
            OutgoingMail(to: invite.email, subject: "Invitation to \(organization)", text: text), of: invite.organizationID,
            on: connection)
    }

    private func url(_ token: String) -> Secret { Secret("\(publicURL)/invite/\(token)") }

    private static func digest(_ token: String) -> String { Signature.sha256(token.utf8) }

    private static let columns: Query = """
        organization_id, id, email, role, brand_ids, message, invited_by, status, expires_at, created_at, version
        """

    private static func decode(_ row: any ResultRow, now: Instant) throws -> Invite {
        var invite = Invite(
            id: row.id(1), organizationID: row.id(0), email: row.text(2), role: try row.value(3),
            brandIDs: StringList.decode(row.text(4)).map { BrandID($0) }, message: row.optionalText(5), invitedBy: row.id(6),
            status: try row.value(7), expiresAt: row.instant(8), createdAt: row.instant(9), version: row.int(10))
        if invite.status == .pending, invite.expiresAt <= now { invite.status = .expired }
        return invite
    }
}
