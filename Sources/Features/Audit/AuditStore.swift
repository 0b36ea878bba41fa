package import Contract
package import Core
package import Relational

/// Writes the audit log, on the transactions of what it tells.
package struct AuditTrail: Sendable {
    private let ambient: Ambient

    package init(ambient: Ambient) { self.ambient = ambient }

    /// Adds the line of a request, on the transaction of its effect.
    /// - Parameter object: the id of what it made or changed, when the path does not name it.
    package func record(_ scope: RequestScope, object: String?, on connection: any RelationalConnection) throws {
        let organization = scope.caller.organizationID
        let last = try connection.first(
            "SELECT number, hash FROM audit_entry WHERE organization_id = \(organization) ORDER BY number DESC LIMIT 1"
        ) { ($0.int(0), $0.text(1)) }
        var entry = AuditEntry(
            number: (last?.0 ?? 0) + 1, id: ambient.newID(), at: ambient.now(), userID: scope.caller.userID,
            keyID: scope.caller.keyID, action: scope.operation, objectID: scope.subject ?? object,
            requestID: scope.requestID, address: scope.address, hash: "")
        entry.hash = entry.chained(after: last?.1 ?? "")
        try connection.execute(
            """
            INSERT INTO audit_entry (organization_id, \(AuditStore.columns))
            VALUES (\(organization), \(entry.number), \(entry.id), \(entry.at), \(entry.userID), \(entry.keyID), \(entry.action),
                    \(entry.objectID), \(entry.requestID), \(entry.address), \(entry.hash))
            """)
    }
}

/// Reads the audit log and checks its chain.
package struct AuditStore: Sendable {
    private let engine: any RelationalEngine

    package init(engine: any RelationalEngine) { self.engine = engine }

    static let columns: Query = "number, id, at, user_id, key_id, action, object_id, request_id, address, hash"

    package func list(_ filter: AuditFilter, in organization: OrganizationID, page: PageRequest) async throws -> Page<
        AuditEntry
    > {
        try await engine.read { connection in
            var conditions: [Query] = ["organization_id = \(organization)", page.condition("number", isNumber: true)]
            if let action = filter.action { conditions.append("action = \(action)") }
            if let object = filter.objectID { conditions.append("object_id = \(object)") }
            if let user = filter.userID { conditions.append("user_id = \(user)") }
            if let since = filter.since { conditions.append("at >= \(since)") }
            if let until = filter.until { conditions.append("at < \(until)") }
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM audit_entry WHERE \(Query.all(conditions)) \(page.tail("number"))", Self.decode)
            return page.page(rows) { Cursor(key: String($0.number)) }
        }
    }

    /// Reads the whole log, a thousand lines at a time, and compares every hash.
    package func verify(_ organization: OrganizationID) async throws -> AuditVerdict {
        var verdict = AuditVerdict(isIntact: true, lines: 0, brokenAt: nil, head: nil)
        while true {
            let from = verdict.lines
            let lines = try await engine.read { connection in
                try connection.query(
                    """
                    SELECT \(Self.columns) FROM audit_entry WHERE organization_id = \(organization) AND number > \(from)
                    ORDER BY number LIMIT 1000
                    """, Self.decode)
            }
            for line in lines {
                guard line.number == verdict.lines + 1, line.hash == line.chained(after: verdict.head ?? "") else {
                    verdict.isIntact = false
                    verdict.brokenAt = verdict.lines + 1
                    return verdict
                }
                verdict.lines = line.number
                verdict.head = line.hash
            }
            if lines.count < 1000 { return verdict }
        }
    }

    private static func decode(_ row: any ResultRow) throws -> AuditEntry {
        AuditEntry(
            number: row.int(0), id: row.id(1), at: row.instant(2), userID: row.optionalID(3), keyID: row.optionalID(4),
            action: row.text(5), objectID: row.optionalText(6), requestID: row.text(7), address: row.optionalText(8),
            hash: row.text(9))
    }
}
