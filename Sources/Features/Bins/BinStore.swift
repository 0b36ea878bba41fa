package import Contract
package import Core
package import Relational

/// Makes bins, keeps what they took, and says how they answer.
package struct BinStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    package let publicURL: String
    /// At most this many bins in an organization.
    package static let maximumPerOrganization = 20

    package init(engine: any RelationalEngine, ambient: Ambient, publicURL: String) {
        self.engine = engine
        self.ambient = ambient
        self.publicURL = publicURL
    }

    private static let columns: Query = """
        id, organization_id, behavior, status, delay_ms, response_body, failures, request_count, created_at, expires_at
        """

    private func decode(_ row: any ResultRow) throws -> Bin {
        let id: BinID = row.id(0)
        return Bin(
            id: id, organizationID: row.id(1), url: "\(publicURL)/bin/\(id)", behavior: try row.value(2),
            status: Int(row.int(3)), delayMS: Int(row.int(4)), responseBody: row.text(5),
            failures: row.optionalInt(6).map(Int.init), requestCount: row.int(7), createdAt: row.instant(8),
            expiresAt: row.instant(9))
    }

    private func find(_ id: BinID, on connection: any RelationalConnection) throws -> Bin? {
        try connection.first(
            "SELECT \(Self.columns) FROM bin WHERE id = \(id) AND expires_at > \(ambient.now())", decode)
    }

    package func create(_ input: BinInput, for caller: Caller) async throws -> Bin {
        let now = ambient.now()
        let id: BinID = ambient.newID()
        let bin = Bin(
            id: id, organizationID: caller.organizationID, url: "\(publicURL)/bin/\(id)", behavior: input.behavior ?? .answer,
            status: input.status ?? 200, delayMS: input.delayMS ?? 0, responseBody: input.responseBody ?? "ok",
            failures: input.failures.value, requestCount: 0, createdAt: now, expiresAt: now + Bin.life)
        try await engine.write { connection in
            let count = try connection.first(
                "SELECT count(*) FROM bin WHERE organization_id = \(caller.organizationID) AND expires_at > \(now)"
            ) { $0.int(0) }
            guard (count ?? 0) < Self.maximumPerOrganization else {
                throw APIError(
                    .quotaExceeded, "An organization has at most \(Self.maximumPerOrganization) bins; delete one first.")
            }
            try connection.execute(
                """
                INSERT INTO bin (\(Self.columns))
                VALUES (\(bin.id), \(bin.organizationID), \(bin.behavior), \(bin.status), \(bin.delayMS), \(bin.responseBody),
                        \(bin.failures.map(Int64.init)), 0, \(bin.createdAt), \(bin.expiresAt))
                """)
        }
        return bin
    }

    package func get(_ id: BinID, for caller: Caller) async throws -> Bin {
        let bin = try await engine.readByKey { try find(id, on: $0) }
        guard let bin, bin.organizationID == caller.organizationID else { throw APIError.notFound("bin") }
        return bin
    }

    package func list(for caller: Caller, page: PageRequest) async throws -> Page<Bin> {
        try await engine.read { connection in
            var conditions: [Query] = ["organization_id = \(caller.organizationID)", "expires_at > \(ambient.now())"]
            conditions.append(page.condition("id"))
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM bin WHERE \(Query.all(conditions)) \(page.tail("id"))",
                decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    package func update(_ id: BinID, with input: BinInput, for caller: Caller) async throws -> Bin {
        var bin = try await get(id, for: caller)
        bin.behavior = input.behavior ?? bin.behavior
        bin.status = input.status ?? bin.status
        bin.delayMS = input.delayMS ?? bin.delayMS
        bin.responseBody = input.responseBody ?? bin.responseBody
        bin.failures = input.failures.applied(to: bin.failures)
        let changed = bin
        try await engine.write { connection in
            try connection.execute(
                """
                UPDATE bin SET behavior = \(changed.behavior), status = \(changed.status), delay_ms = \(changed.delayMS),
                    response_body = \(changed.responseBody), failures = \(changed.failures.map(Int64.init))
                WHERE id = \(id)
                """)
        }
        return changed
    }

    package func delete(_ id: BinID, for caller: Caller) async throws {
        _ = try await get(id, for: caller)
        try await engine.write { connection in
            try connection.execute("DELETE FROM bin_request WHERE bin_id = \(id)")
            try connection.execute("DELETE FROM bin WHERE id = \(id)")
        }
    }

    /// What a bin took, newest first.
    package func requests(of id: BinID, for caller: Caller, page: PageRequest) async throws -> Page<BinRequest> {
        _ = try await get(id, for: caller)
        return try await engine.read { connection in
            var conditions: [Query] = ["bin_id = \(id)"]
            conditions.append(page.condition("number", isNumber: true))
            let rows = try connection.query(
                """
                SELECT number, received_at, method, path, headers, body, truncated FROM bin_request
                WHERE \(Query.all(conditions)) \(page.tail("number"))
                """
            ) { row in
                BinRequest(
                    number: row.int(0), receivedAt: row.instant(1), method: row.text(2), path: row.text(3),
                    headers: ((try? JSONValue(parsing: row.text(4)))?.object ?? []).map { ($0.key, $0.value.string ?? "") },
                    body: row.text(5), isTruncated: row.bool(6))
            }
            return page.page(rows) { Cursor(key: String($0.number)) }
        }
    }

    /// Keeps a request.
    /// - Returns: the bin as it answers this request; nil when there is none.
    package func take(
        _ id: BinID, method: String, path: String, headers: [(name: String, value: String)], body: [UInt8]
    ) async throws -> Bin? {
        try await engine.write { connection in
            guard var bin = try find(id, on: connection) else { return nil }
            bin.requestCount += 1
            let kept = body.prefix(Bin.maximumBodyBytes)
            var seen: Set<String> = []
            let members = headers.reversed().filter { seen.insert($0.name.lowercased()).inserted }.reversed().map {
                JSONValue.Member($0.name, .string($0.value))
            }
            try connection.execute(
                """
                INSERT INTO bin_request (bin_id, number, received_at, method, path, headers, body, truncated)
                VALUES (\(id), \(bin.requestCount), \(ambient.now()), \(method), \(String(path.prefix(2000))),
                        \(JSONValue.object(members).text), \(Self.text(kept)), \(kept.count < body.count))
                """)
            try connection.execute(
                "DELETE FROM bin_request WHERE bin_id = \(id) AND number <= \(bin.requestCount - Int64(Bin.maximumRequests))")
            if let failures = bin.failures {
                if failures == 0 { bin.status = 200 } else { bin.failures = failures - 1 }
            }
            try connection.execute(
                """
                UPDATE bin SET request_count = \(bin.requestCount), failures = \(bin.failures.map(Int64.init)) WHERE id = \(id)
                """)
            // Once the failures are used up, the rest of the misbehaviour is too.
            if bin.failures == 0, bin.status == 200 { bin.behavior = .answer }
            return bin
        }
    }

    /// Text as it is; anything else shown byte by byte. U+0000 cannot be stored as text on every engine.
    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) { return text }
        return bytes.hexadecimal
    }

    /// Removes bins that have had their time.
    package func prune() async throws {
        try await engine.write { connection in
            let old: Query = "SELECT id FROM bin WHERE expires_at <= \(ambient.now())"
            try connection.execute("DELETE FROM bin_request WHERE bin_id IN (\(old))")
            try connection.execute("DELETE FROM bin WHERE expires_at <= \(ambient.now())")
        }
    }
}
