package import Contract
package import Core
package import Relational

/// Erases organizations: at once for everybody who could use them, then row by row and byte by byte.
package struct ErasureStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let vault: any MediaVault
    let uploads: any UploadFolder
    /// Ends the duty's pause.
    package let wake = WakeSignal()

    /// Requests that were under way get a moment to end, so that none writes behind the erasure.
    static let grace = Duration.seconds(2)
    private static let step = 500

    package init(engine: any RelationalEngine, ambient: Ambient, vault: any MediaVault, uploads: any UploadFolder) {
        self.engine = engine
        self.ambient = ambient
        self.vault = vault
        self.uploads = uploads
    }

    /// Ends the organization: from now on no key works, nothing is published or delivered. The rest is done by ``work()``.
    package func begin(_ confirmation: String, for caller: Caller) async throws {
        try caller.requireWhole("This erases all of the organization")
        try await engine.write { connection in
            let id = caller.organizationID
            let found = try connection.first("SELECT name, version FROM organization WHERE id = \(id)") {
                ($0.text(0), $0.int(1))
            }
            guard let (name, version) = found else { throw APIError.notFound("organization") }
            try caller.checkVersion(version)
            guard confirmation == name else {
                throw APIError.invalid("confirm", "must be the organization's name, exactly: \(name)")
            }
            let now = ambient.now()
            try connection.execute("UPDATE organization SET deleted_at = \(now) WHERE id = \(id)")
            try connection.execute("UPDATE webhook SET enabled = FALSE WHERE organization_id = \(id)")
            try connection.execute(
                """
                UPDATE publication SET state = 'CANCELLED', wake_at = NULL
                WHERE organization_id = \(id) AND state IN ('PENDING', 'RETRYING')
                """)
            let users = try connection.query("SELECT user_id FROM member WHERE organization_id = \(id)") { $0.text(0) }
            try connection.execute(
                """
                INSERT INTO erasure (organization_id, requested_by, requested_at, work_at, user_ids)
                VALUES (\(id), \(caller.userID), \(now), \(now + Self.grace), \(StringList.encode(users)))
                """)
        }
        wake.signal()
    }

    /// Goes on with the erasures that are due.
    /// - Returns: when one is due again.
    package func work() async throws -> Instant? {
        let now = ambient.now()
        let open = try await engine.readByKey { connection in
            try connection.query(
                "SELECT organization_id, work_at, user_ids FROM erasure WHERE work_at IS NOT NULL ORDER BY work_at LIMIT 20"
            ) { (id: $0.id(0, OrganizationID.self), due: $0.instant(1), users: StringList.decode($0.text(2))) }
        }
        for erasure in open where erasure.due <= now {
            while try await !erase(erasure.id, users: erasure.users) { try Task.checkCancellation() }
        }
        return open.map(\.due).filter { $0 > now }.min()
    }

    /// - Returns: whether nothing is left.
    private func erase(_ organization: OrganizationID, users: [String]) async throws -> Bool {
        try await keepAuditHead(of: organization)
        try await removeBytes(of: organization)
        let tables = try await engine.read { try StoredTableQueries.tables(on: $0) }.filter(\.isErased)
        // What is found by way of other rows goes before them.
        let order: [StoredTable.Owner] = [.sandboxState, .sandboxAccount, .bin, .column]
        for owner in order { try await removeRows(of: tables.filter { $0.owner == owner }, organization) }
        return try await close(organization, tables, users: users)
    }

    /// Rounds, because references decide the order: what is still referred to waits for the next one.
    private func removeRows(of tables: [StoredTable], _ organization: OrganizationID) async throws {
        var left = tables
        while !left.isEmpty {
            var waiting: [StoredTable] = []
            for table in left {
                let removal = StoredTableQueries.deleteSome(
                    table, where: StoredTableQueries.condition(table, of: organization), limit: Self.step)
                do {
                    while try await engine.write({ try $0.execute(removal) }) == Self.step { try Task.checkCancellation() }
                } catch RelationalError.foreignKey {
                    waiting.append(table)
                }
            }
            guard waiting.count < left.count else { throw RelationalError.foreignKey }
            left = waiting
        }
    }

    private func keepAuditHead(of organization: OrganizationID) async throws {
        try await engine.write { connection in
            let last = try connection.first(
                "SELECT number, hash FROM audit_entry WHERE organization_id = \(organization) ORDER BY number DESC LIMIT 1"
            ) { ($0.int(0), $0.text(1)) }
            guard let (lines, head) = last else { return }
            try connection.execute(
                "UPDATE erasure SET audit_lines = \(lines), audit_head = \(head) WHERE organization_id = \(organization)")
        }
    }

    /// Bytes before their rows: a crash in between finds the rows and removes the bytes again.
    private func removeBytes(of organization: OrganizationID) async throws {
        var last = ""
        while true {
            let place = last
            let page = try await engine.read { connection in
                try connection.query(
                    """
                    SELECT \(MediaQueries.columns) FROM media WHERE organization_id = \(organization) AND id > \(place)
                    ORDER BY id LIMIT 100
                    """, MediaQueries.decode)
            }
            for medium in page {
                for part in ["original"] + medium.renditions.map(\.title) {
                    try await vault.delete(MediaStore.key(medium.id, in: organization, part: part))
                }
            }
            guard let end = page.last else { break }
            last = end.id.rawValue
            try Task.checkCancellation()
        }
        let (exports, pieces) = try await engine.read { connection in
            let exports = try connection.query(
                "SELECT \(DataExportStore.columns) FROM data_export WHERE organization_id = \(organization)",
                DataExportStore.decode)
            let pieces = try connection.query("SELECT id FROM media_upload WHERE organization_id = \(organization)") {
                $0.text(0)
            }
            return (exports, pieces)
        }
        for export in exports { try await vault.delete(DataExportStore.key(of: export)) }
        for name in pieces { await uploads.remove(name) }
    }

    /// The last step, only when really nothing is left: the organization's own row, and the people who were in no other.
    private func close(_ organization: OrganizationID, _ tables: [StoredTable], users: [String]) async throws -> Bool {
        try await engine.write { connection in
            for table in tables
            where try connection.exists(
                StoredTableQueries.isAny(table, where: StoredTableQueries.condition(table, of: organization)))
            {
                return false
            }
            try connection.execute("DELETE FROM organization WHERE id = \(organization)")
            for user in users {
                try connection.execute(
                    """
                    DELETE FROM app_user WHERE id = \(user) AND NOT EXISTS (SELECT 1 FROM member WHERE user_id = \(user))
                        AND NOT EXISTS (SELECT 1 FROM api_key WHERE user_id = \(user))
                    """)
            }
            try connection.execute(
                """
                UPDATE erasure SET finished_at = \(ambient.now()), work_at = NULL, user_ids = '[]'
                WHERE organization_id = \(organization)
                """)
            return true
        }
    }
}
