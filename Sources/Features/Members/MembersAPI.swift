package import Contract
import Core

package struct MembersAPI: Sendable {
    let members: MemberStore
    let invites: InviteStore

    package init(members: MemberStore, invites: InviteStore) {
        self.members = members
        self.invites = invites
    }

    package var endpoints: [Endpoint] {
        let user = PathParameter("userId", as: UserID.self, "The member's user.")
        let id = PathParameter("id", as: InviteID.self, "The invitation.")
        return [
            Endpoint(
                "GET", "/api/members", id: "members.list", "List the organization's members.", scope: .readOnly,
                PageParameters()
            ) { caller, page in Paged(try await members.list(in: caller.organizationID, page: page)) },
            Endpoint("GET", "/api/members/{userId}", id: "members.get", "Get a member.", scope: .readOnly, user) {
                caller, user in
                guard let member = try await members.find(user, in: caller.organizationID) else {
                    throw APIError.notFound("member")
                }
                return OK(member)
            },
            Endpoint(
                "PUT", "/api/members/{userId}", id: "members.update",
                "Change a member's role or brands; it counts from the next request on.", scope: .admin, errors: [.conflict],
                user,
                JSONBody(MemberInput.self)
            ) { caller, user, input in OK(try await members.update(user, with: input, for: caller)) },
            Endpoint(
                "DELETE", "/api/members/{userId}", id: "members.remove",
                "Remove a member; the member's API keys stop working.", scope: .admin, errors: [.conflict], user
            ) { caller, user in
                try await members.remove(user, for: caller)
                return OK(Deleted(user.rawValue))
            },
            Endpoint(
                "POST", "/api/organization/transfer", id: "organization.transfer",
                "Hand the organization over: another member becomes OWNER, the present one ADMIN.", scope: .admin, role: .owner,
                JSONBody(TransferInput.self)
            ) { caller, input in OK(try await members.transfer(to: input.userID, for: caller)) },
            Endpoint(
                "GET", "/api/invites", id: "invites.list", "List the invitations, newest first.", scope: .readWrite,
                role: .manager, PageParameters()
            ) { caller, page in Paged(try await invites.list(in: caller.organizationID, page: page)) },
            Endpoint(
                "POST", "/api/invites", id: "invites.create",
                "Invite somebody by mail, for seven days. A second invitation replaces the first.", scope: .readWrite,
                role: .manager, errors: [.conflict], JSONBody(InviteInput.self)
            ) { caller, input in
                let new = try await invites.create(input, for: caller)
                return Created(new, at: "/api/invites/\(new.invite.id)")
            },
            Endpoint(
                "POST", "/api/invites/{id}/resend", id: "invites.resend",
                "Send an invitation again, with a new link and seven more days.", scope: .readWrite, role: .manager,
                errors: [.conflict], id
            ) { caller, id in OK(try await invites.resend(id, for: caller)) },
            Endpoint(
                "DELETE", "/api/invites/{id}", id: "invites.cancel", "Cancel an invitation.", scope: .readWrite, role: .manager,
                errors: [.conflict], id
            ) { caller, id in
                try await invites.cancel(id, for: caller)
                return OK(Deleted(id.rawValue))
            },
        ]
    }
}
