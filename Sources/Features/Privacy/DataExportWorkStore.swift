import Contract
package import Core
import Relational

/// Builds archives, one at a time, and removes those that are too old.
extension DataExportStore {
    private static let lease = Duration.seconds(120)
    private static let mostAttempts = 3
    private static let pageSize = 200

    /// Does what is due.
    /// - Returns: when something is due again.
    package func work() async throws -> Instant? {
        let now = ambient.now()
        let next = try await engine.readByKey { connection in
            try connection.first("SELECT min(work_at) FROM data_export WHERE work_at IS NOT NULL") { $0.optionalInstant(0) }
                ?? nil
        }
        guard let next else { return nil }
        guard next <= now else { return next }
        let due = try await engine.write { connection in
            let due = try connection.query(
                """
                SELECT \(Self.columns), attempts FROM data_export WHERE work_at IS NOT NULL AND work_at <= \(now)
                ORDER BY work_at LIMIT 1 \(.skipLocked)
                """
            ) { (export: try Self.decode($0), attempts: Int($0.int(13))) }
            for (export, _) in due where export.status != .succeeded {
                try connection.execute(
                    """
                    UPDATE data_export SET status = 'RUNNING', attempts = attempts + 1, work_at = \(now + Self.lease)
                    WHERE organization_id = \(export.organizationID) AND id = \(export.id)
                    """)
            }
            return due
        }
        for (export, attempts) in due {
            if export.status == .succeeded { try await expire(export) } else { try await make(export, attempt: attempts + 1) }
        }
        return ambient.now()
    }

    private func expire(_ export: DataExport) async throws {
        try await vault.delete(Self.key(of: export))
        try await engine.write { connection in
            try connection.execute(
                """
                UPDATE data_export SET status = 'EXPIRED', work_at = NULL
                WHERE organization_id = \(export.organizationID) AND id = \(export.id)
                """)
        }
    }

    private func make(_ export: DataExport, attempt: Int) async throws {
        let name = "\(export.id)-\(attempt).zip"
        await folder.remove("\(export.id)-\(attempt - 1).zip")
        do {
            guard attempt <= Self.mostAttempts else { throw Interrupted() }
            let built = try await build(export, attempt: attempt, to: try await folder.create(name))
            // Whole and durable under its key, or not there: only then does the row say so.
            try await vault.put(Self.key(of: export), file: folder.path(of: name), type: "application/zip")
            try await finish(export, attempt, built: built, error: nil)
        } catch is LostExport {
            // Another worker has it, or the organization is being erased.
        } catch is CancellationError {
            await folder.remove(name)
            throw CancellationError()
        } catch {
            try await finish(export, attempt, built: nil, error: "\(error)")
        }
        await folder.remove(name)
    }

    private struct Built {
        var rows: Int64 = 0
        var files: Int64 = 0
        var size: Int64 = 0
    }

    private struct LostExport: Error {}
    private struct Interrupted: Error, CustomStringConvertible {
        var description: String { "the export was interrupted \(DataExportStore.mostAttempts) times; ask for a new one" }
    }

    private func finish(_ export: DataExport, _ attempt: Int, built: Built?, error: String?) async throws {
        let now = ambient.now()
        let end = built.map { _ in now + Self.lifetime }
        try await engine.write { connection in
            try connection.execute(
                """
                UPDATE data_export SET status = \(built == nil ? DataExport.Status.failed : .succeeded),
                    row_count = \(built?.rows ?? 0), file_count = \(built?.files ?? 0), size_bytes = \(built?.size),
                    error = \(error), finished_at = \(now), expires_at = \(end), work_at = \(end)
                WHERE organization_id = \(export.organizationID) AND id = \(export.id) AND attempts = \(attempt)
                """)
        }
    }

    /// Keeps the export ours, and says how far it is.
    private func renew(_ export: DataExport, _ attempt: Int, _ built: Built) async throws {
        let now = ambient.now()
        let isOurs = try await engine.write { connection in
            try connection.execute(
                """
                UPDATE data_export SET work_at = \(now + Self.lease), row_count = \(built.rows), file_count = \(built.files)
                WHERE organization_id = \(export.organizationID) AND id = \(export.id) AND attempts = \(attempt)
                  AND status = 'RUNNING'
                """) == 1
        }
        guard isOurs else { throw LostExport() }
        try Task.checkCancellation()
    }

    // MARK: The archive

    private func build(_ export: DataExport, attempt: Int, to file: any ExportFile) async throws -> Built {
        let zip = ZIPWriter(to: file, at: export.createdAt)
        try await zip.add("README.txt", Array(Self.readme(of: export).utf8))
        let (tables, email) = try await engine.read { connection in
            let tables = try StoredTableQueries.tables(on: connection).filter(\.isExported)
            let email = try connection.first("SELECT email FROM app_user WHERE id = \(export.subject)") { $0.text(0) }
            return (tables, email)
        }
        var built = Built()
        var contents: [JSONValue] = []
        for table in tables {
            try await renew(export, attempt, built)
            var condition = StoredTableQueries.condition(table, of: export.organizationID)
            if let user = export.subject {
                let own = StoredTableQueries.condition(table, of: user, email: email)
                // Whoever has left is no member any more, and has a row of their own all the same.
                condition = table.owner == .members ? own : condition + " AND " + own
            }
            let rows = try await write(table, where: condition, to: zip)
            built.rows += rows
            guard rows > 0 else { continue }
            let withheld = table.columns.filter(\.isWithheld).map { JSONValue.string($0.publicName) }
            contents.append(["name": .string(table.name), "rows": .int(rows), "withheld": .array(withheld)])
        }
        var missing: [JSONValue] = []
        if export.includesMedia {
            try await addMedia(of: export, attempt, to: zip, &built, &missing)
        }
        let manifest: JSONValue = [
            "exportId": .string(export.id.rawValue), "organizationId": .string(export.organizationID.rawValue),
            "userId": export.subject.map { .string($0.rawValue) } ?? .null, "createdAt": .string("\(export.createdAt)"),
            "tables": .array(contents), "mediaFiles": .int(built.files), "missingMedia": .array(missing),
        ]
        try await zip.add("manifest.json", manifest.bytes)
        built.size = try await zip.finish()
        return built
    }

    /// `data/post.ndjson`, and `data/post.2.ndjson` when one would become too large; nothing for a table without rows.
    private func write(_ table: StoredTable, where condition: Query, to zip: ZIPWriter) async throws -> Int64 {
        var last: [Bind] = []
        var rows: Int64 = 0
        var part = 0
        while true {
            let place = last
            let page = try await engine.read { connection in
                try connection.query(
                    StoredTableQueries.page(table, where: condition, after: place, limit: Self.pageSize)
                ) { StoredTableQueries.line(table, $0) }
            }
            guard let end = page.last else { break }
            let size = await zip.entrySize
            if part == 0 || size > ZIPWriter.roundSize {
                if part > 0 { try await zip.end() }
                part += 1
                try await zip.begin("data/\(table.name)\(part == 1 ? "" : ".\(part)").ndjson")
            }
            for line in page { try await zip.write(line.bytes) }
            rows += Int64(page.count)
            last = end.key
            if page.count < Self.pageSize { break }
        }
        if part > 0 { try await zip.end() }
        return rows
    }

    private func addMedia(
        of export: DataExport, _ attempt: Int, to zip: ZIPWriter, _ built: inout Built, _ missing: inout [JSONValue]
    ) async throws {
        var last: String?
        while true {
            try await renew(export, attempt, built)
            let place = last ?? ""
            let page = try await engine.read { connection in
                try connection.query(
                    """
                    SELECT id, filename FROM media
                    WHERE organization_id = \(export.organizationID) AND deleted_at IS NULL AND id > \(place) ORDER BY id LIMIT 10
                    """
                ) { (id: $0.id(0, MediaID.self), filename: $0.text(1)) }
            }
            for (id, filename) in page {
                let key = MediaStore.key(id, in: export.organizationID, part: "original")
                guard let (size, send) = try await vault.pieces(of: key), size <= ZIPLayout.largestEntry else {
                    missing.append(.string(id.rawValue))
                    continue
                }
                try await zip.begin("media/\(id)/\(Self.safeName(filename))")
                try await send { try await zip.write($0) }
                try await zip.end()
                built.files += 1
            }
            guard let end = page.last else { return }
            last = end.id.rawValue
        }
    }

    /// A name that leads nowhere when the archive is unpacked.
    static func safeName(_ name: String) -> String {
        let kept = name.unicodeScalars.prefix(120).map { scalar -> Character in
            scalar.value < 0x20 || scalar.value == 0x7F || "/\\:*?\"<>|".unicodeScalars.contains(scalar)
                ? "_" : Character(scalar)
        }
        let text = String(kept)
        return text.isEmpty || text.allSatisfy { $0 == "." } ? "file" : text
    }

    private static func readme(of export: DataExport) -> String {
        let whose =
            export.subject.map { "user \($0) in organization \(export.organizationID)" }
            ?? "organization \(export.organizationID)"
        return """
            Data of \(whose), exported \(export.createdAt).

            data/*.ndjson    one JSON object in each line, one file for each kind of record; times in UTC
            media/*/*        the files of the media library, by their ids (when they were asked for)
            manifest.json    how many records each file holds, and which fields are withheld: secrets, tokens, digests

            Each file shows its records as they were when it was written; what changed meanwhile may be in one file and not yet
            in another.

            """
    }
}
