import Contract
import Core
import Relational

/// The SQL of content plans.
enum ContentPlanQueries {
    private static let columns: Query = """
        organization_id, id, user_id, name, status, wish, provider, notes, prompts, failure, generated_at, approved_at, \
        approved_by, is_development, completed_at, created_at, updated_at, version
        """

    static func decode(_ row: any ResultRow) throws -> ContentPlan {
        var issues: [FieldIssue] = []
        guard let json = try? JSONValue(parsing: row.text(5)), let input = PlanWishInput.read(json, at: "", issues: &issues),
            let wish = PlanWish(stored: input)
        else { throw RelationalError.unreadable("a content plan's wish; the row was written by another version") }
        var plan = ContentPlan(
            id: row.id(1), organizationID: row.id(0), userID: row.id(2), title: row.text(3), wish: wish, at: row.instant(15))
        plan.status = try row.value(4)
        plan.provider = row.optionalText(6)
        plan.notes = StringList.decode(row.text(7))
        plan.prompts = ((try? JSONValue(parsing: row.text(8)))?.array ?? []).compactMap(PlanPrompt.init(stored:))
        plan.failure = row.optionalText(9)
        plan.generatedAt = row.optionalInstant(10)
        plan.approvedAt = row.optionalInstant(11)
        plan.approvedBy = row.optionalID(12)
        plan.isDevelopment = row.bool(13)
        plan.completedAt = row.optionalInstant(14)
        plan.updatedAt = row.instant(16)
        plan.version = row.int(17)
        return plan
    }

    private static func json(_ value: some WritableValue) -> String {
        var writer = JSONWriter()
        value.write(to: &writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func find(_ id: ContentPlanID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM content_plan WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL"
    }

    static func list(_ filter: ContentPlanFilter, for caller: Caller, _ page: PageRequest) -> Query {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)", "deleted_at IS NULL", page.condition("id")]
        if !filter.statuses.isEmpty { conditions.append("status IN (\(list: filter.statuses.map(\.rawValue)))") }
        if let brand = filter.brandID { conditions.append("brand_id = \(brand)") }
        if let user = filter.userID { conditions.append("user_id = \(user)") }
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs))") }
        return "SELECT \(columns) FROM content_plan WHERE \(Query.all(conditions)) \(page.tail("id"))"
    }

    static func insert(_ plan: ContentPlan, workAt: Instant) -> Query {
        """
        INSERT INTO content_plan (\(columns), brand_id, work_at, attempts)
        VALUES (\(plan.organizationID), \(plan.id), \(plan.userID), \(plan.title), \(plan.status), \(json(plan.wish)),
                \(plan.provider), \(StringList.encode(plan.notes)), \(json(plan.prompts)), \(plan.failure), \(plan.generatedAt),
                \(plan.approvedAt), \(plan.approvedBy), \(plan.isDevelopment), \(plan.completedAt), \(plan.createdAt),
                \(plan.updatedAt), \(plan.version), \(plan.wish.brandID), \(workAt), 1)
        """
    }

    /// - Parameter workAt: when it is taken up again; for plans that the server works on.
    static func update(_ plan: ContentPlan, workAt: Instant) -> Query {
        """
        UPDATE content_plan SET name = \(plan.title), status = \(plan.status), provider = \(plan.provider),
            notes = \(StringList.encode(plan.notes)), prompts = \(json(plan.prompts)), failure = \(plan.failure),
            generated_at = \(plan.generatedAt), approved_at = \(plan.approvedAt), approved_by = \(plan.approvedBy),
            is_development = \(plan.isDevelopment), completed_at = \(plan.completedAt),
            work_at = \(plan.status.isAtWork ? workAt : nil), updated_at = \(plan.updatedAt), version = \(plan.version)
        WHERE organization_id = \(plan.organizationID) AND id = \(plan.id)
        """
    }

    // MARK: Proposals

    private static let itemColumns: Query = """
        id, topic, caption, platforms, scheduled_for, content_type, category_id, pillar_id, rationale, status, post_id, issue
        """

    static func decodeItem(_ row: any ResultRow) throws -> PlanItem {
        var item = PlanItem(
            id: row.id(0),
            content: ProposedPost(
                topic: row.text(1), caption: row.text(2),
                platforms: StringList.decode(row.text(3)).compactMap { Platform(rawValue: $0) }, scheduledFor: row.instant(4),
                contentType: try row.value(5), categoryID: row.optionalID(6), pillarID: row.optionalID(7),
                rationale: row.text(8)))
        item.status = try row.value(9)
        item.postID = row.optionalID(10)
        item.issue = row.optionalText(11)
        return item
    }

    /// A plan's proposals, a thousand at most, in order of time.
    static func items(of plan: ContentPlan) -> Query {
        """
        SELECT \(itemColumns) FROM plan_item WHERE organization_id = \(plan.organizationID) AND plan_id = \(plan.id)
        ORDER BY scheduled_for, id
        """
    }

    /// What is to become a post and has not been tried yet.
    static func unconverted(of plan: ContentPlan, limit: Int) -> Query {
        """
        SELECT \(itemColumns) FROM plan_item WHERE organization_id = \(plan.organizationID) AND plan_id = \(plan.id)
            AND status IN ('proposed', 'accepted') AND issue IS NULL
        ORDER BY scheduled_for, id LIMIT \(limit)
        """
    }

    /// How many were converted, and how many could not be.
    static func outcome(of plan: ContentPlan) -> Query {
        """
        SELECT count(*) FILTER (WHERE status = 'converted'), count(*) FILTER (WHERE status IN ('proposed', 'accepted'))
        FROM plan_item WHERE organization_id = \(plan.organizationID) AND plan_id = \(plan.id)
        """
    }

    static func forgetIssues(of plan: ContentPlan) -> Query {
        """
        UPDATE plan_item SET issue = NULL
        WHERE organization_id = \(plan.organizationID) AND plan_id = \(plan.id) AND issue IS NOT NULL
        """
    }

    /// Writes a proposal, new or changed.
    static func put(_ item: PlanItem, in plan: ContentPlan) -> Query {
        let content = item.content
        return """
            INSERT INTO plan_item (organization_id, plan_id, \(itemColumns))
            VALUES (\(plan.organizationID), \(plan.id), \(item.id), \(content.topic), \(content.caption),
                    \(StringList.encode(content.platforms.map(\.rawValue))), \(content.scheduledFor), \(content.contentType),
                    \(content.categoryID), \(content.pillarID), \(content.rationale), \(item.status), \(item.postID), \(item.issue))
            ON CONFLICT (organization_id, plan_id, id) DO UPDATE
            SET topic = excluded.topic, caption = excluded.caption, platforms = excluded.platforms,
                scheduled_for = excluded.scheduled_for, content_type = excluded.content_type,
                category_id = excluded.category_id, pillar_id = excluded.pillar_id, rationale = excluded.rationale,
                status = excluded.status, post_id = excluded.post_id, issue = excluded.issue
            """
    }

    static func remove(_ item: PlanItemID, from plan: ContentPlan) -> Query {
        """
        DELETE FROM plan_item
        WHERE organization_id = \(plan.organizationID) AND plan_id = \(plan.id) AND id = \(item)
        """
    }

    // MARK: Work

    static let nextWork: Query = "SELECT min(work_at) FROM content_plan WHERE work_at IS NOT NULL"

    static func due(at now: Instant, limit: Int) -> Query {
        """
        SELECT \(columns) FROM content_plan WHERE work_at IS NOT NULL AND work_at <= \(now) AND deleted_at IS NULL
        ORDER BY work_at LIMIT \(limit) \(.skipLocked)
        """
    }

    /// Takes a plan up; nil when it has been taken up too often.
    static func take(_ plan: ContentPlan, until: Instant, most: Int) -> Query {
        """
        UPDATE content_plan SET work_at = \(until), attempts = attempts + 1
        WHERE organization_id = \(plan.organizationID) AND id = \(plan.id) AND attempts < \(most)
        """
    }

    static func releaseAll(at now: Instant) -> Query { "UPDATE content_plan SET work_at = \(now) WHERE work_at > \(now)" }

    /// Of the accounts that the wish names, whatever became of them.
    static func accountPlatforms(of plan: ContentPlan) -> Query {
        """
        SELECT id, platform FROM social_account
        WHERE organization_id = \(plan.organizationID) AND id IN (\(list: plan.wish.accountIDs))
        """
    }

    // MARK: Labels

    /// Categories or pillars: those of these ids, else the first hundred.
    static func labels(_ kind: String, among ids: [String]? = nil, in organization: OrganizationID) -> Query {
        let named: Query = ids.map { "AND id IN (\(list: $0))" } ?? ""
        return """
            SELECT id, name, target_percentage FROM content_label
            WHERE organization_id = \(organization) AND kind = \(kind) AND deleted_at IS NULL \(named)
            ORDER BY display_order, id LIMIT 100
            """
    }
}
