package import Contract
import Core

package struct AuditAPI: Sendable {
    let audit: AuditStore

    package init(audit: AuditStore) { self.audit = audit }

    package var endpoints: [Endpoint] {
        [
            Endpoint(
                "GET", "/api/audit", id: "audit.list", "List who changed what, newest first.", scope: .admin,
                QueryParameters(AuditFilter.self), PageParameters()
            ) { caller, filter, page in
                try caller.requireWhole("The audit log is that of all of the organization")
                return Paged(try await audit.list(filter, in: caller.organizationID, page: page))
            },
            Endpoint(
                "GET", "/api/audit/verify", id: "audit.verify", "Check that no line of the audit log was altered or removed.",
                scope: .admin
            ) { caller in
                OK(try await audit.verify(caller.organizationID))
            },
        ]
    }
}
