package import Contract
package import Core
package import Relational

/// Reads and changes categories, pillars and tags: one table, three kinds.
package struct ContentLabelStore<Kind: LabelKind>: Sendable {
    private let engine: any RelationalEngine
    private let ambient: Ambient

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<ContentLabel<Kind>> {
        try await engine.read { connection in
            let rows = try connection.query(
                """
                SELECT \(Self.columns) FROM content_label
                WHERE organization_id = \(organization) AND kind = \(Kind.word) AND deleted_at IS NULL AND \(page.condition("id"))
                \(page.tail("id"))
                """, Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// Those of the labels that are there.
    package func find(
        _ ids: Set<ID<Kind.IDKind>>, in organization: OrganizationID
    ) async throws -> [ID<Kind.IDKind>: ContentLabel<Kind>] {
        try await engine.read { connection in
            try connection.query(
                """
                SELECT \(Self.columns) FROM content_label
                WHERE organization_id = \(organization) AND kind = \(Kind.word) AND id IN (\(list: ids)) AND deleted_at IS NULL
                """, Self.decode
            ).keyed(by: \.id)
        }
    }

    package func get(_ id: ID<Kind.IDKind>, in organization: OrganizationID) async throws -> ContentLabel<Kind> {
        try await engine.readByKey { try get(id, in: organization, on: $0) }
    }

    private func get(
        _ id: ID<Kind.IDKind>, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> ContentLabel<Kind> {
        let found = try connection.first(
            """
            SELECT \(Self.columns) FROM content_label
            WHERE organization_id = \(organization) AND id = \(id) AND kind = \(Kind.word) AND deleted_at IS NULL
            """, Self.decode)
        guard let found else { throw APIError.notFound(Kind.word) }
        return found
    }

    package func create(_ input: ContentLabelInput<Kind>, for caller: Caller) async throws -> ContentLabel<Kind> {
        guard let title = input.title else { throw APIError.invalid("name", "is required") }
        return try await engine.write { connection in
            let now = ambient.now()
            let label = ContentLabel<Kind>(
                id: ambient.newID(), title: title, description: input.description.value, color: input.color.value,
                displayOrder: input.displayOrder ?? 0, targetPercentage: input.targetPercentage.value, createdAt: now,
                updatedAt: now, version: 1)
            try unlessTaken(title) {
                try connection.execute(
                    """
                    INSERT INTO content_label (\(Self.columns), organization_id, kind)
                    VALUES (\(label.id), \(title), \(label.description), \(label.color), \(label.displayOrder),
                            \(label.targetPercentage), \(now), \(now), 1, \(caller.organizationID), \(Kind.word))
                    """)
            }
            return label
        }
    }

    package func update(
        _ id: ID<Kind.IDKind>, with input: ContentLabelInput<Kind>, for caller: Caller
    ) async throws -> ContentLabel<Kind> {
        try await engine.write { connection in
            var label = try get(id, in: caller.organizationID, on: connection)
            try caller.checkVersion(label.version)
            label.title = input.title ?? label.title
            label.description = input.description.applied(to: label.description)
            label.color = input.color.applied(to: label.color)
            label.displayOrder = input.displayOrder ?? label.displayOrder
            label.targetPercentage = input.targetPercentage.applied(to: label.targetPercentage)
            label.version += 1
            label.updatedAt = ambient.now()
            let changed = label
            try unlessTaken(changed.title) {
                try connection.execute(
                    """
                    UPDATE content_label SET name = \(changed.title), description = \(changed.description), color = \(changed.color),
                        display_order = \(changed.displayOrder), target_percentage = \(changed.targetPercentage),
                        updated_at = \(changed.updatedAt), version = \(changed.version)
                    WHERE organization_id = \(caller.organizationID) AND id = \(id)
                    """)
            }
            return label
        }
    }

    /// Removes it from the lists; posts keep what they were filed under.
    package func delete(_ id: ID<Kind.IDKind>, for caller: Caller) async throws {
        try await engine.write { connection in
            let label = try get(id, in: caller.organizationID, on: connection)
            try caller.checkVersion(label.version)
            try connection.execute(
                """
                UPDATE content_label SET deleted_at = \(ambient.now())
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
        }
    }

    private func unlessTaken(_ title: String, _ write: () throws -> Int) throws {
        do {
            _ = try write()
        } catch RelationalError.unique {
            throw APIError(
                .conflict, "A \(Kind.word) named \"\(title)\" exists already.", details: [FieldIssue("name", "must be unique")])
        }
    }

    private static var columns: Query {
        "id, name, description, color, display_order, target_percentage, created_at, updated_at, version"
    }

    private static func decode(_ row: any ResultRow) throws -> ContentLabel<Kind> {
        ContentLabel(
            id: row.id(0), title: row.text(1), description: row.optionalText(2), color: row.optionalText(3),
            displayOrder: Int(row.int(4)), targetPercentage: row.isNull(5) ? nil : row.real(5), createdAt: row.instant(6),
            updatedAt: row.instant(7), version: row.int(8))
    }
}
