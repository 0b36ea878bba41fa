import Contract
import Core
import Relational

/// The SQL of automations.
enum AutomationQueries {
    static let columns: Query = """
        organization_id, id, user_id, name, description, enabled, trigger_type, cron, timezone, conditions, actions, \
        secrets_sealed, brand_ids, cooldown_seconds, max_runs_per_hour, is_development, start_position, next_run_at, \
        last_run_at, created_at, updated_at, version
        """

    /// - Parameter open: opens what is sealed of the automation with that id: a secret for each action, or null.
    static func decode(
        _ row: any ResultRow, open: (String, OrganizationID, AutomationID) throws -> JSONValue
    ) throws -> Automation {
        let (organization, id) = (row.id(0, OrganizationID.self), row.id(1, AutomationID.self))
        let secrets = try row.optionalText(11).map { try open($0, organization, id) }
        return Automation(
            id: id, organizationID: organization, userID: row.id(2), title: row.text(3), description: row.optionalText(4),
            isEnabled: row.bool(5), trigger: try trigger(row),
            conditions: try row.optionalText(9).map { try JSONValue(parsing: $0) },
            actions: try actions(row.text(10), secrets), brandIDs: StringList.decode(row.text(12)).map { BrandID($0) },
            cooldownSeconds: Int(row.int(13)), maxRunsPerHour: Int(row.int(14)), isDevelopment: row.bool(15),
            startPosition: row.int(16), nextRunAt: row.optionalInstant(17), lastRunAt: row.optionalInstant(18),
            createdAt: row.instant(19), updatedAt: row.instant(20), version: row.int(21))
    }

    private static func trigger(_ row: any ResultRow) throws -> AutomationTrigger {
        guard let cron = row.optionalText(7) else { return AutomationTrigger(type: row.text(6), timetable: nil) }
        return AutomationTrigger(
            type: row.text(6), timetable: .init(cron: try CronExpression(cron), timezone: row.text(8)))
    }

    private static func actions(_ text: String, _ secrets: JSONValue?) throws -> [AutomationAction] {
        var issues: [FieldIssue] = []
        guard var actions = [AutomationAction].read(try JSONValue(parsing: text), at: "actions", issues: &issues) else {
            throw RelationalError.unreadable(
                "an automation's actions: \(issues.first?.field ?? "") \(issues.first?.issue ?? "")")
        }
        for index in actions.indices {
            guard case .webhookCall(var call) = actions[index].step else { continue }
            call.secret = (secrets?[index]?.string).map { Secret($0) }
            actions[index].step = .webhookCall(call)
        }
        return actions
    }

    static func find(_ id: AutomationID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM automation WHERE organization_id = \(organization) AND id = \(id) AND deleted_at IS NULL"
    }

    static func all(in organization: OrganizationID) -> Query {
        """
        SELECT \(columns) FROM automation WHERE organization_id = \(organization) AND deleted_at IS NULL
        ORDER BY id DESC LIMIT \(Automation.maximumPerOrganization)
        """
    }

    /// Those that wait for events.
    static func listening(in organization: OrganizationID) -> Query {
        """
        SELECT \(columns) FROM automation
        WHERE organization_id = \(organization) AND deleted_at IS NULL AND enabled = TRUE AND trigger_type <> 'schedule'
        ORDER BY id LIMIT \(Automation.maximumPerOrganization)
        """
    }

    /// Those whose time on the clock has come.
    static func due(at now: Instant, limit: Int) -> Query {
        """
        SELECT organization_id, id FROM automation WHERE next_run_at IS NOT NULL AND next_run_at <= \(now)
        ORDER BY next_run_at LIMIT \(limit)
        """
    }

    static func insert(_ automation: Automation, secrets: String?) -> Query {
        """
        INSERT INTO automation (\(columns))
        VALUES (\(automation.organizationID), \(automation.id), \(automation.userID), \(automation.title),
                \(automation.description), \(automation.isEnabled), \(automation.trigger.type),
                \(automation.trigger.timetable?.cron.text), \(automation.trigger.timetable?.timezone),
                \(automation.conditions?.text), \(actions(automation)), \(secrets), \(brands(automation)),
                \(automation.cooldownSeconds), \(automation.maxRunsPerHour), \(automation.isDevelopment),
                \(automation.startPosition), \(automation.nextRunAt), \(automation.lastRunAt), \(automation.createdAt),
                \(automation.updatedAt), \(automation.version))
        """
    }

    static func update(_ automation: Automation, secrets: String?) -> Query {
        """
        UPDATE automation SET user_id = \(automation.userID), name = \(automation.title),
            description = \(automation.description), enabled = \(automation.isEnabled),
            trigger_type = \(automation.trigger.type), cron = \(automation.trigger.timetable?.cron.text),
            timezone = \(automation.trigger.timetable?.timezone), conditions = \(automation.conditions?.text),
            actions = \(actions(automation)), secrets_sealed = \(secrets), brand_ids = \(brands(automation)),
            cooldown_seconds = \(automation.cooldownSeconds), max_runs_per_hour = \(automation.maxRunsPerHour),
            is_development = \(automation.isDevelopment), start_position = \(automation.startPosition),
            next_run_at = \(automation.nextRunAt), updated_at = \(automation.updatedAt), version = \(automation.version)
        WHERE organization_id = \(automation.organizationID) AND id = \(automation.id)
        """
    }

    private static func actions(_ automation: Automation) -> String {
        JSONValue.array(automation.actions.map(\.json)).text
    }

    private static func brands(_ automation: Automation) -> String {
        StringList.encode(automation.brandIDs.map(\.rawValue))
    }

    // MARK: The feed

    /// Organizations with automations that wait for events, whose feed has something that was not looked at.
    static let behind: Query = """
        SELECT cursor.organization_id FROM automation_cursor AS cursor
        JOIN event_counter ON event_counter.organization_id = cursor.organization_id
        WHERE event_counter.next_position - 1 > cursor.position AND EXISTS (
            SELECT 1 FROM automation WHERE automation.organization_id = cursor.organization_id
              AND automation.deleted_at IS NULL AND automation.enabled = TRUE AND automation.trigger_type <> 'schedule')
        ORDER BY cursor.organization_id LIMIT 1000
        """

    static func begin(_ organization: OrganizationID, at position: Int64) -> Query {
        """
        INSERT INTO automation_cursor (organization_id, position) VALUES (\(organization), \(position))
        ON CONFLICT (organization_id) DO NOTHING
        """
    }

    static func cursor(of organization: OrganizationID) -> Query {
        "SELECT position FROM automation_cursor WHERE organization_id = \(organization)"
    }

    /// Moves on, unless somebody else has done so.
    static func move(_ organization: OrganizationID, from position: Int64, to next: Int64) -> Query {
        """
        UPDATE automation_cursor SET position = \(next) WHERE organization_id = \(organization) AND position = \(position)
        """
    }

    /// The first event of these types in a part of the feed.
    static func next(in organization: OrganizationID, after position: Int64, through end: Int64, types: Set<String>) -> Query {
        """
        SELECT \(EventQueries.columns), position FROM event
        WHERE organization_id = \(organization) AND position > \(position) AND position <= \(end)
          AND type IN (\(list: types.sorted())) AND is_test = FALSE
        ORDER BY position LIMIT 1
        """
    }

    // MARK: Causes

    /// The feed's last number. Holds the counter: nobody else appends an event until the transaction ends.
    static func holdFeed(of organization: OrganizationID) -> Query {
        """
        UPDATE event_counter SET next_position = next_position WHERE organization_id = \(organization)
        RETURNING next_position - 1
        """
    }

    /// How deep these stand in a chain of automations: the deepest of them.
    static func depth(of subjects: [String], in organization: OrganizationID) -> Query {
        """
        SELECT max(depth) FROM automation_cause
        WHERE organization_id = \(organization) AND subject IN (\(list: subjects))
        """
    }

    /// Every event after a place in the feed was caused at that depth.
    static func cause(after position: Int64, in organization: OrganizationID, depth: Int, at now: Instant) -> Query {
        """
        INSERT INTO automation_cause (organization_id, subject, depth, created_at)
        SELECT organization_id, id, CAST(\(Int64(depth)) AS BIGINT), CAST(\(now) AS BIGINT) FROM event
        WHERE organization_id = \(organization) AND position > \(position)
        ON CONFLICT (organization_id, subject) DO NOTHING
        """
    }

    static func cause(_ subject: String, in organization: OrganizationID, depth: Int, at now: Instant) -> Query {
        """
        INSERT INTO automation_cause (organization_id, subject, depth, created_at)
        VALUES (\(organization), \(subject), \(Int64(depth)), \(now))
        ON CONFLICT (organization_id, subject) DO UPDATE SET depth = excluded.depth, created_at = excluded.created_at
        """
    }

    // MARK: What is over

    static func prune(_ table: Query, before instant: Instant, and condition: Query = "TRUE") -> Query {
        """
        DELETE FROM \(table) WHERE created_at < \(instant) AND \(condition)
          AND created_at <= (SELECT max(created_at) FROM (
              SELECT created_at FROM \(table) WHERE created_at < \(instant) ORDER BY created_at LIMIT 500) AS oldest)
        """
    }
}
