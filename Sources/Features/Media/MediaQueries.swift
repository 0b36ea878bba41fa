import Contract
import Core
import Relational

/// The SQL of the media library.
enum MediaQueries {
    static let columns: Query = """
        organization_id, id, brand_id, folder_id, kind, mime_type, filename, size_bytes, sha256, width, height, frames, \
        has_alpha, alt_text, tags, source, prompt, renditions, created_at, updated_at, version
        """

    static func decode(_ row: any ResultRow) throws -> Media {
        Media(
            id: row.id(1), organizationID: row.id(0), brandID: row.optionalID(2), folderID: row.optionalID(3),
            kind: try row.value(4), mimeType: row.text(5), filename: row.text(6), size: row.int(7), sha256: row.text(8),
            width: row.optionalInt(9).map(Int.init), height: row.optionalInt(10).map(Int.init),
            frames: row.optionalInt(11).map(Int.init), hasAlpha: row.isNull(12) ? nil : row.bool(12),
            altText: row.optionalText(13), tags: StringList.decode(row.text(14)), source: try row.value(15),
            prompt: row.optionalText(16), renditions: renditions(row.text(17)), createdAt: row.instant(18),
            updatedAt: row.instant(19), version: row.int(20))
    }

    private static func renditions(_ text: String) -> [Media.Rendition] {
        ((try? JSONValue(parsing: text))?.array ?? []).compactMap { json in
            guard let title = json["name"]?.string, let type = json["mimeType"]?.string, let width = json["width"]?.int,
                let height = json["height"]?.int, let size = json["sizeBytes"]?.int
            else { return nil }
            return Media.Rendition(title: title, mimeType: type, width: Int(width), height: Int(height), size: size)
        }
    }

    private static func text(_ renditions: [Media.Rendition]) -> String {
        var writer = JSONWriter()
        renditions.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func insert(_ media: Media) -> Query {
        """
        INSERT INTO media (\(columns))
        VALUES (\(media.organizationID), \(media.id), \(media.brandID), \(media.folderID), \(media.kind), \(media.mimeType),
                \(media.filename), \(media.size), \(media.sha256), \(media.width.map(Int64.init)), \(media.height.map(Int64.init)),
                \(media.frames.map(Int64.init)), \(media.hasAlpha.map { $0 ? Int64(1) : 0 }), \(media.altText),
                \(StringList.encode(media.tags)), \(media.source), \(media.prompt), \(text(media.renditions)), \(media.createdAt),
                \(media.updatedAt), \(media.version))
        """
    }

    static func update(_ media: Media) -> Query {
        """
        UPDATE media SET brand_id = \(media.brandID), folder_id = \(media.folderID), filename = \(media.filename),
            alt_text = \(media.altText), tags = \(StringList.encode(media.tags)), updated_at = \(media.updatedAt),
            version = \(media.version)
        WHERE organization_id = \(media.organizationID) AND id = \(media.id)
        """
    }

    static func list(_ filter: MediaFilter, for caller: Caller, _ page: PageRequest) -> Query {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", "deleted_at IS NULL", page.condition("id")]
        if !filter.kinds.isEmpty { conditions.append("kind IN (\(list: filter.kinds.map(\.rawValue)))") }
        if let folder = filter.folderID { conditions.append("folder_id = \(folder)") }
        if let brand = filter.brandID { conditions.append("brand_id = \(brand)") }
        if !caller.brandIDs.isEmpty { conditions.append("(brand_id IS NULL OR brand_id IN (\(list: caller.brandIDs)))") }
        if let tag = filter.tag {
            let pattern = PostQueries.containing(StringList.encode([tag]).dropFirst().dropLast())
            conditions.append("tags LIKE \(pattern) ESCAPE '\\'")
        }
        if let text = filter.text {
            let pattern = PostQueries.containing(text.lowercased())
            conditions.append(
                """
                (lower(filename) LIKE \(pattern) ESCAPE '\\' OR lower(tags) LIKE \(pattern) ESCAPE '\\'
                 OR lower(coalesce(alt_text, '')) LIKE \(pattern) ESCAPE '\\')
                """)
        }
        if let source = filter.source { conditions.append("source = \(source)") }
        if let from = filter.from { conditions.append("created_at >= \(from)") }
        if let to = filter.to { conditions.append("created_at < \(to)") }
        return "SELECT \(columns) FROM media WHERE \(Query.all(conditions)) \(page.tail("id"))"
    }
}
