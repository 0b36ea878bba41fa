package import Contract
import Core

package struct MembersAPI: Sendable {
    let members: MemberStore

    package init(members: MemberStore) { self.members = members }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "GET", "/api/members", id: "members.list", "List the organization's members.", scope: .admin, PageParameters()
            ) { caller, page in
                Paged(try await members.list(in: caller.organizationID, page: page))
            }
        ]
    }
}
