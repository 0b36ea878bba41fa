package import Contract
package import Core
package import Relational

/// Asks for exports, tells of them and gives them out. They are built by a duty (``work()``).
package struct DataExportStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let members: MemberStore
    let vault: any MediaVault
    let folder: any ExportFolder
    /// Ends the duty's pause.
    package let wake = WakeSignal()

    /// How long an archive is kept.
    package static let lifetime = Duration.seconds(7 * 86_400)
    /// How many exports of an organization may wait at once.
    static let mostOpen = 3

    package init(
        engine: any RelationalEngine, ambient: Ambient, members: MemberStore, vault: any MediaVault, folder: any ExportFolder
    ) {
        self.engine = engine
        self.ambient = ambient
        self.members = members
        self.vault = vault
        self.folder = folder
    }

    package func create(_ input: DataExportInput, for caller: Caller) async throws -> DataExport {
        try Self.requireWhole(caller)
        if input.subject != nil, input.includesMedia {
            throw APIError.invalid("media", "must be left out together with userId: files are the organization's")
        }
        let export = try await engine.write { connection in
            if let user = input.subject, try !members.hasLeftTraces(user, in: caller.organizationID, on: connection) {
                throw APIError.invalid("userId", "names nobody who is or was a member of this organization")
            }
            let open = try connection.first(
                """
                SELECT count(*) FROM data_export
                WHERE organization_id = \(caller.organizationID) AND status IN ('QUEUED', 'RUNNING')
                """
            ) { Int($0.int(0)) }
            guard (open ?? 0) < Self.mostOpen else {
                throw APIError(.conflict, "\(Self.mostOpen) exports are being made already; wait until one is done.")
            }
            let now = ambient.now()
            let export = DataExport(
                id: ambient.newID(), organizationID: caller.organizationID, subject: input.subject,
                includesMedia: input.includesMedia, requestedBy: caller.userID, status: .queued, rows: 0, files: 0, size: nil,
                error: nil, createdAt: now, finishedAt: nil, expiresAt: nil)
            try connection.execute(
                """
                INSERT INTO data_export (organization_id, id, subject_user_id, includes_media, requested_by, status, row_count,
                    file_count, attempts, work_at, created_at)
                VALUES (\(export.organizationID), \(export.id), \(export.subject), \(export.includesMedia), \(export.requestedBy),
                        'QUEUED', 0, 0, 0, \(now), \(now))
                """)
            return export
        }
        wake.signal()
        return export
    }

    package func get(_ id: ExportID, for caller: Caller) async throws -> DataExport {
        try Self.requireWhole(caller)
        let found = try await engine.readByKey { connection in
            try connection.first(
                """
                SELECT \(Self.columns) FROM data_export
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """, Self.decode)
        }
        guard let found else { throw APIError.notFound("export") }
        return found
    }

    package func list(for caller: Caller, page: PageRequest) async throws -> Page<DataExport> {
        try Self.requireWhole(caller)
        return try await engine.read { connection in
            let rows = try connection.query(
                """
                SELECT \(Self.columns) FROM data_export
                WHERE organization_id = \(caller.organizationID) AND \(page.condition("id")) \(page.tail("id"))
                """, Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// The archive's bytes.
    /// - Throws: 409 while it is not whole, 404 when it is gone.
    package func content(of id: ExportID, for caller: Caller) async throws -> (size: Int, send: ReplyStream) {
        let export = try await get(id, for: caller)
        guard export.status == .succeeded else {
            guard export.status != .expired else { throw APIError.notFound("archive any more") }
            throw APIError(.conflict, "The export is \(export.status.rawValue); its archive is there when it is SUCCEEDED.")
        }
        guard let pieces = try await vault.pieces(of: Self.key(of: export)) else { throw APIError.notFound("archive any more") }
        return pieces
    }

    /// A key that sees a part of the organization must not carry off the whole.
    private static func requireWhole(_ caller: Caller) throws(APIError) {
        try caller.requireWhole("Exports hold everything of the organization")
    }

    static func key(of export: DataExport) -> String { "\(export.organizationID)/exports/\(export.id).zip" }

    static let columns: Query = """
        organization_id, id, subject_user_id, includes_media, requested_by, status, row_count, file_count, size_bytes, error, \
        created_at, finished_at, expires_at
        """

    static func decode(_ row: any ResultRow) throws -> DataExport {
        DataExport(
            id: row.id(1), organizationID: row.id(0), subject: row.optionalID(2), includesMedia: row.bool(3),
            requestedBy: row.id(4), status: try row.value(5), rows: row.int(6), files: row.int(7), size: row.optionalInt(8),
            error: row.optionalText(9), createdAt: row.instant(10), finishedAt: row.optionalInstant(11),
            expiresAt: row.optionalInstant(12))
    }
}
