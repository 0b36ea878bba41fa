package import Contract
package import Core
package import Relational

/// Reads and changes the library's folders.
package struct MediaFolderStore: Sendable {
    private let engine: any RelationalEngine
    private let ambient: Ambient
    /// Folders in folders in folders: no deeper than a person looks.
    private static let deepest = 10

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    package func list(in organization: OrganizationID, page: PageRequest) async throws -> Page<MediaFolder> {
        try await engine.read { connection in
            let rows = try connection.query(
                """
                SELECT \(Self.columns) FROM media_folder WHERE organization_id = \(organization) AND \(page.condition("id"))
                \(page.tail("id"))
                """, Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    package func get(_ id: MediaFolderID, in organization: OrganizationID) async throws -> MediaFolder {
        try await engine.readByKey { connection in
            guard let folder = try find(id, in: organization, on: connection) else { throw APIError.notFound("folder") }
            return folder
        }
    }

    private func find(
        _ id: MediaFolderID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> MediaFolder? {
        try connection.first(
            "SELECT \(Self.columns) FROM media_folder WHERE organization_id = \(organization) AND id = \(id)", Self.decode)
    }

    package func create(_ input: MediaFolderInput, for caller: Caller) async throws -> MediaFolder {
        guard let title = input.title else { throw APIError.invalid("name", "is required") }
        return try await engine.write { connection in
            let now = ambient.now()
            let folder = MediaFolder(
                id: ambient.newID(), title: title, description: input.description.value, parentID: input.parentID.value,
                createdAt: now, updatedAt: now, version: 1)
            try checkParent(of: folder, in: caller.organizationID, on: connection)
            try connection.execute(
                """
                INSERT INTO media_folder (\(Self.columns), organization_id)
                VALUES (\(folder.id), \(title), \(folder.description), \(folder.parentID), \(now), \(now), 1, \(caller.organizationID))
                """)
            return folder
        }
    }

    package func update(_ id: MediaFolderID, with input: MediaFolderInput, for caller: Caller) async throws -> MediaFolder {
        try await engine.write { connection in
            guard var folder = try find(id, in: caller.organizationID, on: connection) else {
                throw APIError.notFound("folder")
            }
            try caller.checkVersion(folder.version)
            folder.title = input.title ?? folder.title
            folder.description = input.description.applied(to: folder.description)
            folder.parentID = input.parentID.applied(to: folder.parentID)
            folder.version += 1
            folder.updatedAt = ambient.now()
            try checkParent(of: folder, in: caller.organizationID, on: connection)
            try connection.execute(
                """
                UPDATE media_folder SET name = \(folder.title), description = \(folder.description), parent_id = \(folder.parentID),
                    updated_at = \(folder.updatedAt), version = \(folder.version)
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
            return folder
        }
    }

    /// Removes a folder; what is in it moves one up.
    package func delete(_ id: MediaFolderID, for caller: Caller) async throws {
        try await engine.write { connection in
            guard let folder = try find(id, in: caller.organizationID, on: connection) else {
                throw APIError.notFound("folder")
            }
            try caller.checkVersion(folder.version)
            let (organization, parent) = (caller.organizationID, folder.parentID)
            try connection.execute(
                "UPDATE media_folder SET parent_id = \(parent) WHERE organization_id = \(organization) AND parent_id = \(id)")
            try connection.execute(
                "UPDATE media SET folder_id = \(parent) WHERE organization_id = \(organization) AND folder_id = \(id)")
            try connection.execute("DELETE FROM media_folder WHERE organization_id = \(organization) AND id = \(id)")
        }
    }

    /// Walks up from the parent: it must be there, and must not be the folder itself or below it.
    private func checkParent(
        of folder: MediaFolder, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws {
        var next = folder.parentID
        for _ in 0..<Self.deepest {
            guard let id = next else { return }
            guard id != folder.id, let parent = try find(id, in: organization, on: connection) else {
                throw APIError.invalid(
                    "parentId", id == folder.id ? "must not be in itself" : "names no folder of this organization")
            }
            next = parent.parentID
        }
        throw APIError.invalid("parentId", "is too deep: at most \(Self.deepest) folders in each other")
    }

    private static let columns: Query = "id, name, description, parent_id, created_at, updated_at, version"

    private static func decode(_ row: any ResultRow) throws -> MediaFolder {
        MediaFolder(
            id: row.id(0), title: row.text(1), description: row.optionalText(2), parentID: row.optionalID(3),
            createdAt: row.instant(4), updatedAt: row.instant(5), version: row.int(6))
    }
}
