package import Contract
import Core

/// Taking data along, and taking it away.
package struct PrivacyAPI: Sendable {
    let exports: DataExportStore
    let erasures: ErasureStore
    let members: MemberStore

    package init(exports: DataExportStore, erasures: ErasureStore, members: MemberStore) {
        self.exports = exports
        self.erasures = erasures
        self.members = members
    }

    package var endpoints: [Endpoint] {
        let id = PathParameter("id", as: ExportID.self, "The export.")
        let user = PathParameter("userId", as: UserID.self, "The member's user.")
        return [
            Endpoint(
                "GET", "/api/exports", id: "exports.list", "List the exports, newest first.", scope: .admin, PageParameters()
            ) { caller, page in Paged(try await exports.list(for: caller, page: page)) },
            Endpoint(
                "POST", "/api/exports", id: "exports.create",
                "Export everything of the organization, or of one user, as a ZIP archive.", scope: .admin, errors: [.conflict],
                JSONBody(DataExportInput.self, optional: true)
            ) { caller, input in
                let export = try await exports.create(input, for: caller)
                return Accepted(export, at: "/api/exports/\(export.id)")
            },
            Endpoint("GET", "/api/exports/{id}", id: "exports.get", "Get how an export goes.", scope: .admin, id) {
                caller, id in OK(try await exports.get(id, for: caller))
            },
            Endpoint(
                "GET", "/api/exports/{id}/content", id: "exports.content",
                "Get the archive; it is kept for seven days.", scope: .admin, errors: [.conflict], id
            ) { caller, id in
                let (size, send) = try await exports.content(of: id, for: caller)
                let file = ("Content-Disposition", "attachment; filename=\"audenci-\(id).zip\"")
                return Streamed(
                    FileContent.self, contentType: "application/zip", headers: [file, ("Content-Length", String(size))],
                    stream: send)
            },
            Endpoint(
                "POST", "/api/members/{userId}/erase", id: "members.erase",
                "Erase a person: name, e-mail address, keys and invitations go, history stays without a name.", scope: .admin,
                errors: [.conflict], user
            ) { caller, user in
                let erased = try await members.erase(user, for: caller)
                // Archives that hold what is erased are removed at once.
                exports.wake.signal()
                return OK(erased)
            },
            Endpoint(
                "DELETE", "/api/organization", id: "organization.delete",
                "Erase the organization and everything in it. Its keys stop working with this answer.", scope: .admin,
                role: .owner, JSONBody(ErasureInput.self)
            ) { caller, input in
                try await erasures.begin(input.confirmation, for: caller)
                return OK(Deleted(caller.organizationID.rawValue))
            },
        ]
    }
}
