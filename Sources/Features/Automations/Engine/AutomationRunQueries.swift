import Contract
import Core
import Relational

/// The SQL of runs.
enum AutomationRunQueries {
    static let columns: Query = """
        organization_id, automation_id, id, occasion, event_type, event_id, depth, status, code, reason, results, created_at, \
        finished_at
        """

    static func decode(_ row: any ResultRow) throws -> AutomationRun {
        AutomationRun(
            id: row.id(2), organizationID: row.id(0), automationID: row.id(1), occasion: row.text(3), eventType: row.text(4),
            eventID: row.optionalID(5), depth: Int(row.int(6)), status: try row.value(7),
            code: row.isNull(8) ? nil : try row.value(8), reason: row.optionalText(9),
            results: (try JSONValue(parsing: row.text(10)).array ?? []).compactMap { ActionResult(stored: $0) },
            createdAt: row.instant(11), finishedAt: row.optionalInstant(12))
    }

    /// Changes nothing when the automation had its run on this occasion before.
    static func insert(_ run: AutomationRun) -> Query {
        """
        INSERT INTO automation_run (\(columns))
        VALUES (\(run.organizationID), \(run.automationID), \(run.id), \(run.occasion), \(run.eventType), \(run.eventID),
                \(Int64(run.depth)), \(run.status), \(run.code), \(run.reason), \(results(run)), \(run.createdAt),
                \(run.finishedAt))
        ON CONFLICT (organization_id, automation_id, occasion) DO NOTHING
        """
    }

    static func update(_ run: AutomationRun) -> Query {
        """
        UPDATE automation_run SET status = \(run.status), code = \(run.code), reason = \(run.reason),
            results = \(results(run)), finished_at = \(run.finishedAt)
        WHERE organization_id = \(run.organizationID) AND automation_id = \(run.automationID) AND id = \(run.id)
        """
    }

    private static func results(_ run: AutomationRun) -> String { RawJSON(rendering: run.results).text }

    static func find(_ id: AutomationRunID, of automation: AutomationID, in organization: OrganizationID) -> Query {
        """
        SELECT \(columns) FROM automation_run
        WHERE organization_id = \(organization) AND automation_id = \(automation) AND id = \(id)
        """
    }

    static func list(
        _ filter: AutomationRunFilter, of automation: AutomationID, in organization: OrganizationID, _ page: PageRequest
    ) -> Query {
        var conditions: [Query] = ["organization_id = \(organization)", "automation_id = \(automation)", page.condition("id")]
        if !filter.statuses.isEmpty { conditions.append("status IN (\(list: filter.statuses.map(\.rawValue)))") }
        if let since = filter.since { conditions.append("created_at >= \(since)") }
        return "SELECT \(columns) FROM automation_run WHERE \(Query.all(conditions)) \(page.tail("id"))"
    }

    /// How often the automation has really run since then.
    static func count(of automation: Automation, since instant: Instant) -> Query {
        """
        SELECT count(*) FROM automation_run
        WHERE organization_id = \(automation.organizationID) AND automation_id = \(automation.id)
          AND id >= \(EventQueries.firstID(at: instant)) AND created_at > \(instant) AND status <> 'SKIPPED'
        """
    }
}
