import Contract
import Core
import Relational

/// The SQL of posts, and how rows become posts.
enum PostQueries {
    static let columns: Query = """
        organization_id, id, brand_id, user_id, title, caption, link, platforms, account_ids, media, visibility, \
        content_warning, status, scheduled_for, campaign_id, warnings, platform_results, failure_code, failure_message, \
        published_at, created_at, updated_at, version, overrides, category_id, pillar_id, tags, external_ref, content_type, \
        queue_id, recurrence, parent_id, approval, thread, first_comment, content_plan_id, plan_item_id
        """

    static func decode(_ row: any ResultRow) throws -> Post {
        var options = PostOptions()
        options.visibility = row.isNull(10) ? nil : try row.value(10, PostOptions.Visibility.self)
        options.contentWarning = row.optionalText(11)
        let failure = row.optionalText(17).map { PostFailure(code: $0, message: row.text(18)) }
        var post = Post(
            id: row.id(1), organizationID: row.id(0), brandID: row.id(2), userID: row.id(3), title: row.optionalText(4),
            caption: row.text(5), link: row.optionalText(6),
            platforms: StringList.decode(row.text(7)).compactMap { Platform(rawValue: $0) },
            accountIDs: StringList.decode(row.text(8)).map { SocialAccountID($0) }, media: decodeMedia(row.text(9)),
            options: options, status: try row.value(12), scheduledFor: row.optionalInstant(13), campaignID: row.optionalID(14),
            warnings: StringList.decode(row.text(15)), platformResults: RawJSON(row.text(16)), failure: failure,
            publishedAt: row.optionalInstant(19), createdAt: row.instant(20), updatedAt: row.instant(21), version: row.int(22))
        post.overrides = stored(row.optionalText(23), as: [PostOverrideInput].self)?.map(\.override) ?? []
        post.categoryID = row.optionalID(24)
        post.pillarID = row.optionalID(25)
        post.tags = row.optionalText(26).map(StringList.decode) ?? []
        post.externalRef = row.optionalText(27)
        post.contentType = row.isNull(28) ? nil : try row.value(28, ContentType.self)
        post.queueID = row.optionalID(29)
        post.recurrence = Recurrence(stored: row.optionalText(30))
        post.parentID = row.optionalID(31)
        post.approval = Approval(stored: row.optionalText(32))
        post.thread = stored(row.optionalText(33), as: [ThreadPartInput].self)?.map(\.part) ?? []
        post.firstComment = row.optionalText(34)
        post.contentPlanID = row.optionalID(35)
        post.planItemID = row.optionalID(36)
        return post
    }

    /// What was stored as JSON; nil columns are the common case and cost nothing.
    private static func stored<Value: ReadableValue>(_ text: String?, as _: Value.Type) -> Value? {
        guard let text, let json = try? JSONValue(parsing: text) else { return nil }
        var issues: [FieldIssue] = []
        return Value.read(json, at: "", issues: &issues)
    }

    private static func json(_ value: some WritableValue) -> String {
        var writer = JSONWriter()
        value.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func encodeMedia(_ media: [PostMedia]) -> String {
        if media.isEmpty { return "[]" }
        var writer = JSONWriter()
        media.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func decodeMedia(_ text: String) -> [PostMedia] {
        if text == "[]" { return [] }
        var issues: [FieldIssue] = []
        return (try? JSONValue(parsing: text)).flatMap { [PostMediaInput].read($0, at: "", issues: &issues) }?.map(\.media)
            ?? []
    }

    static func find(_ id: PostID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM post WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL"
    }

    static func insert(_ post: Post) -> Query {
        """
        INSERT INTO post (\(columns))
        VALUES (\(post.organizationID), \(post.id), \(post.brandID), \(post.userID), \(post.title), \(post.caption), \(post.link),
                \(StringList.encode(post.platforms.map(\.rawValue))), \(StringList.encode(post.accountIDs.map(\.rawValue))),
                \(encodeMedia(post.media)), \(post.options.visibility), \(post.options.contentWarning), \(post.status),
                \(post.scheduledFor), \(post.campaignID), \(StringList.encode(post.warnings)), \(post.platformResults.text),
                \(post.failure?.code), \(post.failure?.message), \(post.publishedAt), \(post.createdAt), \(post.updatedAt),
                \(post.version), \(post.overrides.isEmpty ? nil : json(post.overrides)), \(post.categoryID), \(post.pillarID),
                \(post.tags.isEmpty ? nil : StringList.encode(post.tags)), \(post.externalRef), \(post.contentType), \(post.queueID),
                \(post.recurrence?.stored), \(post.parentID), \(post.approval.map(json)),
                \(post.thread.isEmpty ? nil : json(post.thread)), \(post.firstComment),
                \(post.contentPlanID), \(post.planItemID))
        """
    }

    static func update(_ post: Post) -> Query {
        """
        UPDATE post SET brand_id = \(post.brandID), title = \(post.title), caption = \(post.caption), link = \(post.link),
            platforms = \(StringList.encode(post.platforms.map(\.rawValue))),
            account_ids = \(StringList.encode(post.accountIDs.map(\.rawValue))), media = \(encodeMedia(post.media)),
            visibility = \(post.options.visibility), content_warning = \(post.options.contentWarning), status = \(post.status),
            scheduled_for = \(post.scheduledFor), campaign_id = \(post.campaignID),
            warnings = \(StringList.encode(post.warnings)), platform_results = \(post.platformResults.text),
            failure_code = \(post.failure?.code), failure_message = \(post.failure?.message),
            published_at = \(post.publishedAt), overrides = \(post.overrides.isEmpty ? nil : json(post.overrides)),
            category_id = \(post.categoryID), pillar_id = \(post.pillarID),
            tags = \(post.tags.isEmpty ? nil : StringList.encode(post.tags)), external_ref = \(post.externalRef),
            content_type = \(post.contentType), queue_id = \(post.queueID), recurrence = \(post.recurrence?.stored),
            approval = \(post.approval.map(json)), thread = \(post.thread.isEmpty ? nil : json(post.thread)),
            first_comment = \(post.firstComment), updated_at = \(post.updatedAt), version = \(post.version)
        WHERE organization_id = \(post.organizationID) AND id = \(post.id) AND version = \(post.version - 1)
        """
    }

    static func list(_ filter: PostFilter, for caller: Caller, _ page: PageRequest) -> Query {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", "deleted_at IS NULL"]
        conditions.append(page.condition("id"))
        if filter.statuses.count == 1, let status = filter.statuses.first {
            conditions.append("status = \(status)")
        } else if !filter.statuses.isEmpty {
            conditions.append("status IN (\(list: filter.statuses.map(\.rawValue)))")
        }
        if let platform = filter.platform { conditions.append("platforms LIKE \("%\"\(platform.rawValue)\"%")") }
        if let brand = filter.brandID { conditions.append("brand_id = \(brand)") }
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        if let campaign = filter.campaignID { conditions.append("campaign_id = \(campaign)") }
        if let category = filter.categoryID { conditions.append("category_id = \(category)") }
        if let pillar = filter.pillarID { conditions.append("pillar_id = \(pillar)") }
        if let plan = filter.contentPlanID { conditions.append("content_plan_id = \(plan)") }
        if let user = filter.userID { conditions.append("user_id = \(user)") }
        if let reference = filter.externalRef { conditions.append("external_ref = \(reference)") }
        if let tag = filter.tag {
            conditions.append("tags LIKE \(containing(StringList.encode([tag]).dropFirst().dropLast())) ESCAPE '\\'")
        }
        if let since = filter.updatedSince { conditions.append("updated_at >= \(since)") }
        if let from = filter.scheduledFrom { conditions.append("scheduled_for >= \(from)") }
        if let to = filter.scheduledTo { conditions.append("scheduled_for < \(to)") }
        if let text = filter.text {
            let pattern = containing(text.lowercased())
            conditions.append(
                "(lower(caption) LIKE \(pattern) ESCAPE '\\' OR lower(coalesce(title, '')) LIKE \(pattern) ESCAPE '\\')")
        }
        return "SELECT \(columns) FROM post WHERE \(Query.all(conditions)) \(page.tail("id"))"
    }

    /// A pattern for LIKE with `\` as its escape.
    static func containing(_ text: some StringProtocol) -> String {
        "%" + String(text).replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_") + "%"
    }
}
