package import Contract
package import Core
package import Relational

/// Reads and writes brands.
package struct BrandStore: Sendable {
    package let engine: any RelationalEngine
    package let ambient: Ambient

    package init(engine: any RelationalEngine, ambient: Ambient) {
        self.engine = engine
        self.ambient = ambient
    }

    private static let columns: Query = """
        organization_id, id, name, colors, brand_cards, created_at, updated_at, version, voice, logo_media_id
        """

    private static func decode(_ row: any ResultRow) throws -> Brand {
        Brand(
            id: row.id(1), organizationID: row.id(0), name: row.text(2), colors: StringList.decode(row.text(3)),
            brandCards: row.bool(4), logoMediaID: row.optionalID(9), voice: VoiceInput.stored(row.optionalText(8)),
            createdAt: row.instant(5), updatedAt: row.instant(6), version: row.int(7))
    }

    package func find(
        _ id: BrandID, in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> Brand? {
        try connection.first(
            "SELECT \(Self.columns) FROM brand WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL",
            Self.decode)
    }

    package func find(_ id: BrandID, in organization: OrganizationID) async throws -> Brand? {
        try await engine.readByKey { try find(id, in: organization, on: $0) }
    }

    /// Those of the brands that are there for this caller.
    package func find(_ ids: Set<BrandID>, for caller: Caller) async throws -> [BrandID: Brand] {
        let visible = ids.filter(caller.maySee)
        return try await engine.read { connection in
            try connection.query(
                """
                SELECT \(Self.columns) FROM brand
                WHERE organization_id = \(caller.organizationID) AND id IN (\(list: visible)) AND deleted_at IS NULL
                """, Self.decode
            ).keyed(by: \.id)
        }
    }

    package func list(for caller: Caller, page: PageRequest) async throws -> Page<Brand> {
        try await engine.read { connection in
            var conditions: [Query] = ["organization_id = \(caller.organizationID)", "deleted_at IS NULL"]
            conditions.append(page.condition("id"))
            if !caller.brandIDs.isEmpty { conditions.append("id IN (\(list: caller.brandIDs))") }
            let rows = try connection.query(
                "SELECT \(Self.columns) FROM brand WHERE \(Query.all(conditions)) \(page.tail("id"))",
                Self.decode)
            return page.page(rows) { Cursor($0.id) }
        }
    }

    /// Adds a brand on the caller's transaction.
    package func insert(
        name: String, colors: [String], brandCards: Bool, logo: MediaID? = nil, voice: Voice = Voice(),
        in organization: OrganizationID, on connection: any RelationalConnection
    ) throws -> Brand {
        let now = ambient.now()
        let brand = Brand(
            id: ambient.newID(), organizationID: organization, name: name, colors: colors, brandCards: brandCards,
            logoMediaID: logo, voice: voice, createdAt: now, updatedAt: now, version: 1)
        do {
            try connection.execute(
                """
                INSERT INTO brand (\(Self.columns))
                VALUES (\(brand.organizationID), \(brand.id), \(brand.name), \(StringList.encode(colors)), \(brandCards),
                        \(now), \(now), 1, \(Self.stored(voice)), \(logo))
                """)
        } catch RelationalError.unique {
            throw APIError(
                .conflict, "A brand named \"\(name)\" exists already.", details: [FieldIssue("name", "must be unique")])
        }
        return brand
    }

    private static func stored(_ voice: Voice) -> String { String(decoding: voice.jsonBytes, as: UTF8.self) }

    package func create(_ input: BrandInput, for caller: Caller) async throws -> Brand {
        guard let name = input.name else { throw APIError.invalid("name", "is required") }
        return try await engine.write { connection in
            let logo = input.logoMediaID.applied(to: nil)
            if let logo { try checkLogo(logo, of: nil, for: caller, on: connection) }
            return try insert(
                name: name, colors: input.colors ?? Brand.defaultColors, brandCards: input.brandCards ?? true, logo: logo,
                voice: input.voice(over: Voice()), in: caller.organizationID, on: connection)
        }
    }

    /// Refuses what is no picture of the library that this brand may show.
    private func checkLogo(
        _ id: MediaID, of brand: BrandID?, for caller: Caller, on connection: any RelationalConnection
    ) throws {
        let medium = try connection.first(
            "SELECT kind, brand_id FROM media WHERE organization_id = \(caller.organizationID) AND id = \(id) AND deleted_at IS NULL"
        ) { (kind: try $0.value(0) as Media.Kind, brand: $0.optionalID(1) as BrandID?) }
        guard let medium, medium.brand.map(caller.maySee) ?? true else {
            throw APIError.invalid("logoMediaId", "names no medium of this organization's library")
        }
        guard medium.kind == .image else {
            throw APIError.invalid("logoMediaId", "must be a still picture: JPEG, PNG or WebP")
        }
        guard medium.brand == nil || medium.brand == brand else {
            throw APIError.invalid("logoMediaId", "names a medium of another brand")
        }
    }

    package func update(_ id: BrandID, with input: BrandInput, for caller: Caller) async throws -> Brand {
        try await engine.write { connection in
            guard caller.maySee(id), var brand = try find(id, in: caller.organizationID, on: connection) else {
                throw APIError.notFound("brand")
            }
            try caller.checkVersion(brand.version)
            brand.name = input.name ?? brand.name
            brand.colors = input.colors ?? brand.colors
            brand.brandCards = input.brandCards ?? brand.brandCards
            if case .set(let logo) = input.logoMediaID { try checkLogo(logo, of: id, for: caller, on: connection) }
            brand.logoMediaID = input.logoMediaID.applied(to: brand.logoMediaID)
            brand.voice = input.voice(over: brand.voice)
            brand.updatedAt = ambient.now()
            brand.version += 1
            do {
                try connection.execute(
                    """
                    UPDATE brand SET name = \(brand.name), colors = \(StringList.encode(brand.colors)),
                        brand_cards = \(brand.brandCards), logo_media_id = \(brand.logoMediaID),
                        voice = \(Self.stored(brand.voice)), updated_at = \(brand.updatedAt), version = \(brand.version)
                    WHERE organization_id = \(caller.organizationID) AND id = \(id)
                    """)
            } catch RelationalError.unique {
                throw APIError(
                    .conflict, "A brand named \"\(brand.name)\" exists already.",
                    details: [FieldIssue("name", "must be unique")])
            }
            return brand
        }
    }
}
