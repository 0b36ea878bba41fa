import Contract
import Core
import Relational

/// The SQL of events.
enum EventQueries {
    static let columns: Query = "organization_id, id, brand_id, user_id, type, body, scope, is_test, created_at"

    static func decode(_ row: any ResultRow) throws -> EventRecord {
        let scope = row.text(6)
        return EventRecord(
            id: row.id(1), organizationID: row.id(0), brandID: row.optionalID(2), userID: row.optionalID(3), type: row.text(4),
            body: Array(row.text(5).utf8),
            scope: scope == "{}" ? EventScope() : EventScope(json: (try? JSONValue(parsing: scope)) ?? .null),
            isTest: row.bool(7), createdAt: row.instant(8))
    }

    /// - Parameter position: nil keeps it out of the feed.
    static func insert(_ event: EventRecord, position: Int64?) -> Query {
        """
        INSERT INTO event (\(columns), position)
        VALUES (\(event.organizationID), \(event.id), \(event.brandID), \(event.userID), \(event.type),
                \(String(decoding: event.body, as: UTF8.self)), \(event.scope == EventScope() ? "{}" : event.scope.json.text),
                \(event.isTest), \(event.createdAt), \(position))
        """
    }

    /// The next number of the organization's feed. Taken on the transaction that uses it, which holds the row until it
    /// commits: so the feed has no gap, and nobody who has read up to a number ever misses a smaller one.
    static func nextPosition(in organization: OrganizationID) -> Query {
        """
        INSERT INTO event_counter (organization_id, next_position) VALUES (\(organization), 2)
        ON CONFLICT (organization_id) DO UPDATE SET next_position = event_counter.next_position + 1
        RETURNING next_position - 1
        """
    }

    /// The feed's last number.
    static func newest(in organization: OrganizationID) -> Query {
        "SELECT next_position - 1 FROM event_counter WHERE organization_id = \(organization)"
    }

    static func find(_ id: EventID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM event WHERE organization_id = \(organization) AND id = \(id)"
    }

    static func feed(after position: Int64, types: [String], since: Instant?, limit: Int, for caller: Caller) -> Query {
        var conditions = visible(to: caller) + ["position > \(position)"]
        if !types.isEmpty { conditions.append("type IN (\(list: types))") }
        if let since { conditions.append("created_at >= \(since)") }
        return "SELECT \(columns), position FROM event WHERE \(Query.all(conditions)) ORDER BY position LIMIT \(limit)"
    }

    static func latest(_ type: String, limit: Int, for caller: Caller) -> Query {
        let conditions = visible(to: caller) + ["position IS NOT NULL", "type = \(type)"]
        return "SELECT \(columns) FROM event WHERE \(Query.all(conditions)) ORDER BY position DESC LIMIT \(limit)"
    }

    private static func visible(to caller: Caller) -> [Query] {
        var conditions: [Query] = ["organization_id = \(caller.organizationID)"]
        if !caller.brandIDs.isEmpty { conditions.append("brand_id IN (\(list: caller.brandIDs.map(\.rawValue)))") }
        return conditions
    }

    /// Every id that was made before that instant sorts before this.
    static func firstID(at instant: Instant) -> String {
        let digits = String(max(instant.milliseconds, 0), radix: 36)
        return "c" + String(repeating: "0", count: max(8 - digits.count, 0)) + digits
    }
}
