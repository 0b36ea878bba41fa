package import Contract
package import Core
package import Relational
import Synchronization

/// Where the pieces of an upload are gathered.
package protocol UploadFolder: Sendable {
    /// Appends a piece at `offset`, durably; what a crashed attempt left behind it is cut off.
    func append(_ piece: [UInt8], to name: String, at offset: Int64) async throws
    func head(of name: String, count: Int) async throws -> [UInt8]
    func bytes(of name: String) async throws -> [UInt8]
    func path(of name: String) -> String
    func sha256(of name: String) async throws -> String
    func remove(_ name: String) async
}

/// Large files, piece by piece: what arrived stays arrived, so an upload goes on where it broke off.
package struct MediaUploadStore: Sendable {
    private let engine: any RelationalEngine
    private let ambient: Ambient
    private let media: MediaStore
    private let folder: any UploadFolder
    /// Uploads that a piece is being written to: the file has no other guard, and what a second piece at the same place
    /// wrote would be in place of the one that counts.
    private let busy = BusyUploads()

    package static let largestPiece = 16_777_216
    /// Pictures are worked on in memory.
    private static let largestPicture: Int64 = 100_000_000

    package init(engine: any RelationalEngine, ambient: Ambient, media: MediaStore, folder: any UploadFolder) {
        self.engine = engine
        self.ambient = ambient
        self.media = media
        self.folder = folder
    }

    package func begin(_ input: MediaUploadInput, for caller: Caller) async throws -> MediaUpload {
        try await engine.write { connection in
            let now = ambient.now()
            let upload = MediaUpload(
                id: ambient.newID(), details: input.details, size: Int64(input.size), received: 0,
                expiresAt: now + .seconds(86_400), media: nil)
            try connection.execute(
                """
                INSERT INTO media_upload (organization_id, id, filename, size_bytes, received_bytes, brand_id, folder_id, alt_text,
                    created_at, expires_at)
                VALUES (\(caller.organizationID), \(upload.id), \(input.details.filename ?? "upload"), \(upload.size), 0,
                        \(input.details.brandID), \(input.details.folderID), \(input.details.altText), \(now), \(upload.expiresAt))
                """)
            return upload
        }
    }

    package func get(_ id: MediaUploadID, in organization: OrganizationID) async throws -> MediaUpload {
        let found = try await engine.readByKey { connection in
            try connection.first(
                """
                SELECT id, filename, size_bytes, received_bytes, brand_id, folder_id, alt_text, expires_at FROM media_upload
                WHERE organization_id = \(organization) AND id = \(id)
                """
            ) { row in
                var details = MediaDetails()
                details.filename = row.text(1)
                details.brandID = row.optionalID(4)
                details.folderID = row.optionalID(5)
                details.altText = row.optionalText(6)
                return MediaUpload(
                    id: row.id(0), details: details, size: row.int(2), received: row.int(3), expiresAt: row.instant(7),
                    media: nil)
            }
        }
        guard let found, found.expiresAt > ambient.now() else { throw APIError.notFound("upload") }
        return found
    }

    /// Takes the next piece; with the last one the file goes into the library.
    package func take(_ piece: [UInt8], at offset: Int64, of id: MediaUploadID, for caller: Caller) async throws -> MediaUpload
    {
        guard busy.begin(id) else {
            throw APIError(.conflict, "Another piece of this upload is being written; ask where to go on.")
        }
        defer { busy.end(id) }
        var upload = try await get(id, in: caller.organizationID)
        guard offset == upload.received else {
            throw APIError(
                .conflict, "The next piece begins at \(upload.received), not at \(offset).",
                details: [FieldIssue("Upload-Offset", "must be \(upload.received)")])
        }
        guard offset + Int64(piece.count) <= upload.size else {
            throw APIError.invalid("", "is longer than what is missing: \(upload.size - offset) bytes")
        }
        if offset == 0, media.workshop.sniff(Array(piece.prefix(64))) == nil { throw MediaStore.unknownType }
        try await folder.append(piece, to: id.rawValue, at: offset)
        upload.received += Int64(piece.count)
        let received = upload.received
        let isNext = try await engine.write { connection in
            try connection.execute(
                """
                UPDATE media_upload SET received_bytes = \(received)
                WHERE organization_id = \(caller.organizationID) AND id = \(id) AND received_bytes = \(offset)
                """) == 1
        }
        guard isNext else {
            throw APIError(.conflict, "Another piece of this upload came at the same time; ask where to go on.")
        }
        if upload.received == upload.size { upload.media = try await finish(upload, for: caller) }
        return upload
    }

    private func finish(_ upload: MediaUpload, for caller: Caller) async throws -> Media {
        let name = upload.id.rawValue
        do {
            let head = try await folder.head(of: name, count: 64)
            guard let (kind, type) = media.workshop.sniff(head) else { throw MediaStore.unknownType }
            let added: Media
            if kind == .video {
                added = try await media.addVideo(
                    file: folder.path(of: name), size: upload.size, type: type, upload.details,
                    sha256: try await folder.sha256(of: name), for: caller)
            } else {
                guard upload.size <= Self.largestPicture else {
                    throw APIError(.payloadTooLarge, "A picture may have \(Self.largestPicture) bytes; films may be larger.")
                }
                added = try await media.add(try await folder.bytes(of: name), upload.details, source: .upload, for: caller)
            }
            try await cancel(upload.id, for: caller)
            return added
        } catch let error as APIError where error.code.status < 500 && error.code != .quotaExceeded {
            // It will never be taken: what has arrived is of no use.
            try await cancel(upload.id, for: caller)
            throw error
        }
    }

    /// Throws away what has arrived.
    package func cancel(_ id: MediaUploadID, for caller: Caller) async throws {
        try await engine.write { connection in
            let gone = try connection.execute(
                "DELETE FROM media_upload WHERE organization_id = \(caller.organizationID) AND id = \(id)")
            guard gone == 1 else { throw APIError.notFound("upload") }
        }
        await folder.remove(id.rawValue)
    }

    /// Throws away what was given up. Run by a duty.
    package func prune() async throws {
        let now = ambient.now()
        let gone = try await engine.write { connection in
            try connection.query("DELETE FROM media_upload WHERE expires_at <= \(now) RETURNING id") { $0.text(0) }
        }
        for name in gone { await folder.remove(name) }
    }
}

/// The uploads that are written to in this process, which is the only one on its data folder.
private final class BusyUploads: Sendable {
    private let ids = Mutex<Set<MediaUploadID>>([])

    /// - Returns: false when the upload is busy already.
    func begin(_ id: MediaUploadID) -> Bool { ids.withLock { $0.insert(id).inserted } }
    func end(_ id: MediaUploadID) { ids.withLock { _ = $0.remove(id) } }
}
