package import Contract
package import Core
package import Relational

/// The media library: rows here, bytes in the vault. Bytes are put before their row, so a row never lacks its bytes.
package struct MediaStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient
    let outbox: Outbox
    let organizations: OrganizationStore
    package let vault: any MediaVault
    let workshop: any MediaWorkshop
    let links: any MediaLinks

    package init(
        engine: any RelationalEngine, ambient: Ambient, outbox: Outbox, organizations: OrganizationStore,
        vault: any MediaVault, workshop: any MediaWorkshop, links: any MediaLinks
    ) {
        self.engine = engine
        self.ambient = ambient
        self.outbox = outbox
        self.organizations = organizations
        self.vault = vault
        self.workshop = workshop
        self.links = links
    }

    // MARK: Reading

    package func get(_ id: MediaID, for caller: Caller) async throws -> Media {
        signed(try await engine.readByKey { try get(id, for: caller, on: $0) })
    }

    private func get(_ id: MediaID, for caller: Caller, on connection: any RelationalConnection) throws -> Media {
        guard let media = try find(id, in: caller.organizationID, on: connection),
            media.brandID.map(caller.maySee) ?? true
        else { throw APIError.notFound("media") }
        return media
    }

    package func find(
        _ id: MediaID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> Media? {
        try connection.first(
            """
            SELECT \(MediaQueries.columns) FROM media
            WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL
            """, MediaQueries.decode)
    }

    /// Those of the media that are there for this caller.
    package func find(_ ids: Set<MediaID>, for caller: Caller) async throws -> [MediaID: Media] {
        try await engine.read { connection in
            try connection.query(
                """
                SELECT \(MediaQueries.columns) FROM media
                WHERE organization_id = \(caller.organizationID) AND id IN (\(list: ids)) AND deleted_at IS NULL
                """, MediaQueries.decode)
        }.filter { $0.brandID.map(caller.maySee) ?? true }.map(signed).keyed(by: \.id)
    }

    package func list(_ filter: MediaFilter, for caller: Caller, page: PageRequest) async throws -> Page<Media> {
        try await engine.read { connection in
            page.page(try connection.query(MediaQueries.list(filter, for: caller, page), MediaQueries.decode)) { Cursor($0.id) }
        }.map(signed)
    }

    /// The medium with the addresses by which it can be fetched.
    package func signed(_ media: Media) -> Media {
        var media = media
        media.url = links.url(of: media.id, in: media.organizationID, part: "original", filename: media.filename)
        media.renditions = media.renditions.map { rendition in
            var rendition = rendition
            rendition.url = links.url(of: media.id, in: media.organizationID, part: rendition.title, filename: media.filename)
            return rendition
        }
        return media
    }

    /// Where the bytes of a part are kept: `original`, or a rendition's name.
    package static func key(_ id: MediaID, in organization: OrganizationID, part: String) -> String {
        "\(organization)/\(id)/\(part)"
    }

    // MARK: Adding

    /// Adds a file: made safe when it is a picture.
    package func add(
        _ bytes: [UInt8], _ details: MediaDetails, source: Media.Source, prompt: String? = nil, for caller: Caller
    ) async throws -> Media {
        try await insert(try await keep(bytes, details, source: source, prompt: prompt, for: caller), for: caller)
    }

    /// Makes a file safe and puts its bytes into the vault, as ``add(_:_:source:prompt:for:)`` does, but leaves the row to the
    /// caller: ``insert(_:for:on:)`` writes it, ``discard(_:)`` throws the bytes away.
    /// - Parameter id: of the new medium; with the same one, a second attempt replaces the bytes of the first.
    package func keep(
        _ bytes: [UInt8], _ details: MediaDetails, as id: MediaID? = nil, source: Media.Source, prompt: String? = nil,
        for caller: Caller
    ) async throws -> Media {
        guard let (kind, type) = workshop.sniff(Array(bytes.prefix(64))) else { throw Self.unknownType }
        var new = blank(kind, type, details, source, prompt, for: caller)
        if let id { new.id = id }
        if kind == .video {
            try await check(new, size: Int64(bytes.count), for: caller)
            new.size = Int64(bytes.count)
            new.sha256 = Signature.sha256(bytes)
            try await vault.put(Self.key(new.id, in: new.organizationID, part: "original"), bytes, type: type)
        } else {
            let picture = try await workshop.process(bytes)
            new.take(picture)
            try await check(new, size: new.storedSize, for: caller)
            for part in [picture.original] + picture.renditions {
                try await vault.put(Self.key(new.id, in: new.organizationID, part: part.title), part.bytes, type: part.type)
            }
        }
        return new
    }

    /// Throws away the bytes of a medium that got no row.
    package func discard(_ media: Media) async {
        for part in ["original"] + media.renditions.map(\.title) {
            // What cannot be removed now is replaced or found by the next attempt; there is nobody to tell.
            try? await vault.delete(Self.key(media.id, in: media.organizationID, part: part))
        }
    }

    /// Adds a film that is a file on this machine already.
    func addVideo(file path: String, size: Int64, type: String, _ details: MediaDetails, sha256: String, for caller: Caller)
        async throws -> Media
    {
        var new = blank(.video, type, details, .upload, nil, for: caller)
        try await check(new, size: size, for: caller)
        new.size = size
        new.sha256 = sha256
        try await vault.put(Self.key(new.id, in: new.organizationID, part: "original"), file: path, type: type)
        return try await insert(new, for: caller)
    }

    static let unknownType = APIError(
        .unsupportedMediaType, "The file is no JPEG, PNG, GIF, WebP, MP4 or MOV, whatever its name says.",
        details: [FieldIssue("file", "must be JPEG, PNG, GIF, WebP, MP4 or MOV")])

    private func blank(
        _ kind: Media.Kind, _ type: String, _ details: MediaDetails, _ source: Media.Source, _ prompt: String?,
        for caller: Caller
    ) -> Media {
        let now = ambient.now()
        return Media(
            id: ambient.newID(), organizationID: caller.organizationID, brandID: details.brandID, folderID: details.folderID,
            kind: kind, mimeType: type, filename: details.filename ?? "upload", size: 0, sha256: "", width: nil, height: nil,
            frames: nil, hasAlpha: nil, altText: details.altText, tags: details.tags, source: source, prompt: prompt,
            renditions: [], createdAt: now, updatedAt: now, version: 1)
    }

    /// Refuses before anything is put.
    private func check(_ media: Media, size: Int64, for caller: Caller) async throws {
        try await engine.read { connection in
            try checkPlace(media, for: caller, on: connection)
            try checkQuota(size, of: media.organizationID, on: connection)
        }
    }

    private func checkQuota(_ size: Int64, of organization: OrganizationID, on connection: any RelationalConnection) throws {
        guard let limit = try organizations.limits(of: organization, on: connection).storageBytes else { return }
        let used =
            try connection.first("SELECT used FROM media_usage WHERE organization_id = \(organization)") { $0.int(0) } ?? 0
        guard used + size <= limit else {
            throw APIError(
                .quotaExceeded, "The plan's \(limit) bytes of media are used up: \(used) are taken, this needs \(size) more.",
                details: [FieldIssue("file", "at most \(max(limit - used, 0)) bytes fit")])
        }
    }

    private func checkPlace(_ media: Media, for caller: Caller, on connection: any RelationalConnection) throws {
        if let brand = media.brandID {
            let isThere =
                try caller.maySee(brand)
                && connection.exists(
                    "SELECT 1 FROM brand WHERE organization_id = \(media.organizationID) AND id = \(brand) AND deleted_at IS NULL"
                )
            guard isThere else { throw APIError.invalid("brandId", "names no brand of this organization") }
        } else if !caller.brandIDs.isEmpty {
            throw APIError.invalid("brandId", "is required: your key is limited to brands")
        }
        if let folder = media.folderID,
            try !connection.exists(
                "SELECT 1 FROM media_folder WHERE organization_id = \(media.organizationID) AND id = \(folder)")
        {
            throw APIError.invalid("folderId", "names no folder of this organization")
        }
    }

    private func insert(_ media: Media, for caller: Caller) async throws -> Media {
        let new = signed(media)
        try await engine.write { connection in
            try insert(media, for: caller, on: connection)
            return new
        }
        outbox.wake.signal()
        return new
    }

    /// Writes the row of a medium whose bytes are kept, with its event, on the caller's transaction.
    /// - Throws: ``APIError`` 400 when its brand or folder is gone, `quota_exceeded`.
    package func insert(_ media: Media, for caller: Caller, on connection: any RelationalConnection) throws {
        let size = media.storedSize
        try checkPlace(media, for: caller, on: connection)
        try checkQuota(size, of: media.organizationID, on: connection)
        try connection.execute(MediaQueries.insert(media))
        try connection.execute(
            """
            INSERT INTO media_usage (organization_id, used) VALUES (\(media.organizationID), \(size))
            ON CONFLICT (organization_id) DO UPDATE SET used = media_usage.used + excluded.used
            """)
        try outbox.append(
            MediaUploaded(media: media), for: media.organizationID, brand: media.brandID, user: caller.userID, on: connection)
    }

    // MARK: Changing

    package func update(_ id: MediaID, with input: MediaInput, for caller: Caller) async throws -> Media {
        signed(
            try await engine.write { connection in
                var media = try get(id, for: caller, on: connection)
                try Self.requireOwn(media, of: caller)
                try caller.checkVersion(media.version)
                media.brandID = input.brandID.applied(to: media.brandID)
                media.folderID = input.folderID.applied(to: media.folderID)
                media.filename = input.filename ?? media.filename
                media.altText = input.altText.applied(to: media.altText)
                media.tags = input.tags ?? media.tags
                media.version += 1
                media.updatedAt = ambient.now()
                try checkPlace(media, for: caller, on: connection)
                try checkLogo(media, on: connection)
                try connection.execute(MediaQueries.update(media))
                return media
            })
    }

    /// A brand's logo is its own or everybody's, never another brand's.
    private func checkLogo(_ media: Media, on connection: any RelationalConnection) throws {
        guard let owner = media.brandID else { return }
        let isAnothers = try connection.exists(
            """
            SELECT 1 FROM brand WHERE organization_id = \(media.organizationID) AND logo_media_id = \(media.id)
                AND id <> \(owner) AND deleted_at IS NULL
            """)
        guard !isAnothers else { throw APIError.invalid("brandId", "must not be another brand: the medium is a brand's logo") }
    }

    /// What belongs to no brand is there for all of them: a key that is limited to some may use it, and no more.
    private static func requireOwn(_ media: Media, of caller: Caller) throws(APIError) {
        guard media.brandID == nil, !caller.brandIDs.isEmpty else { return }
        throw APIError(.forbidden, "This medium belongs to all brands; a key that is limited to some cannot change it.")
    }

    /// Removes it from the library and its bytes from the vault. Posts that were published keep what they showed.
    package func delete(_ id: MediaID, for caller: Caller) async throws {
        let media = try await engine.write { connection in
            let media = try get(id, for: caller, on: connection)
            try Self.requireOwn(media, of: caller)
            try caller.checkVersion(media.version)
            let isPlanned = try connection.exists(
                """
                SELECT 1 FROM post WHERE organization_id = \(caller.organizationID) AND deleted_at IS NULL
                  AND status IN ('IN_REVIEW', 'SCHEDULED', 'PUBLISHING') AND media LIKE \("%\"\(id)\"%")
                """)
            guard !isPlanned else {
                throw APIError(.conflict, "A post that is yet to be published shows this medium; take it out there first.")
            }
            let isLogo = try connection.exists(
                """
                SELECT 1 FROM brand
                WHERE organization_id = \(caller.organizationID) AND logo_media_id = \(id) AND deleted_at IS NULL
                """)
            guard !isLogo else {
                throw APIError(
                    .conflict, "This medium is a brand's logo; give the brand another `logoMediaId`, or null, first.")
            }
            try connection.execute(
                """
                UPDATE media SET deleted_at = \(ambient.now()), version = version + 1
                WHERE organization_id = \(caller.organizationID) AND id = \(id)
                """)
            try connection.execute(
                "UPDATE media_usage SET used = used - \(media.storedSize) WHERE organization_id = \(caller.organizationID)")
            return media
        }
        guard RequestScope.current?.isDryRun != true else { return }
        for part in ["original"] + media.renditions.map(\.title) {
            try await vault.delete(Self.key(id, in: media.organizationID, part: part))
        }
    }
}

extension Media {
    /// Everything that is kept of it.
    var storedSize: Int64 { renditions.reduce(size) { $0 + $1.size } }

    mutating func take(_ picture: ProcessedPicture) {
        mimeType = picture.original.type
        size = Int64(picture.original.bytes.count)
        sha256 = Signature.sha256(picture.original.bytes)
        width = picture.original.width
        height = picture.original.height
        frames = picture.frames
        hasAlpha = picture.hasAlpha
        renditions = picture.renditions.map {
            Rendition(title: $0.title, mimeType: $0.type, width: $0.width, height: $0.height, size: Int64($0.bytes.count))
        }
    }
}
