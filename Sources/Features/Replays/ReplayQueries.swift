import Contract
import Core
import Relational

/// The SQL of replays.
enum ReplayQueries {
    static let columns: Query = """
        organization_id, id, webhook_id, state, since, until, selections, events, codes, rate_per_second, position, \
        end_position, scanned, sent, total, created_at, updated_at
        """

    static func decode(_ row: any ResultRow) throws -> Replay {
        Replay(
            id: row.id(1), organizationID: row.id(0), webhookID: row.id(2), state: try row.value(3), since: row.instant(4),
            until: row.instant(5), selections: StringList.decode(row.text(6)).compactMap(Replay.Selection.init),
            events: StringList.decode(row.text(7)), codes: StringList.decode(row.text(8)).compactMap { Int($0) },
            ratePerSecond: Int(row.int(9)), position: row.int(10), end: row.int(11), scanned: row.int(12), sent: row.int(13),
            total: row.int(14), createdAt: row.instant(15), updatedAt: row.instant(16))
    }

    static func insert(_ replay: Replay) -> Query {
        """
        INSERT INTO webhook_replay (\(columns))
        VALUES (\(replay.organizationID), \(replay.id), \(replay.webhookID), \(replay.state), \(replay.since), \(replay.until),
                \(StringList.encode(replay.selections.map(\.rawValue))), \(StringList.encode(replay.events)),
                \(StringList.encode(replay.codes.map { String($0) })), \(replay.ratePerSecond), \(replay.position),
                \(replay.end), \(replay.scanned), \(replay.sent), \(replay.total), \(replay.createdAt), \(replay.updatedAt))
        """
    }

    static func find(_ id: ReplayID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM webhook_replay WHERE organization_id = \(organization) AND id = \(id)"
    }

    static let running: Query = "SELECT \(columns) FROM webhook_replay WHERE state = 'RUNNING' ORDER BY updated_at LIMIT 100"

    /// Writes progress, unless somebody paused or cancelled it meanwhile.
    static func advance(_ replay: Replay) -> Query {
        """
        UPDATE webhook_replay SET state = \(replay.state), position = \(replay.position), scanned = \(replay.scanned),
            sent = \(replay.sent), updated_at = \(replay.updatedAt)
        WHERE organization_id = \(replay.organizationID) AND id = \(replay.id) AND state = 'RUNNING'
        """
    }

    /// The events of a stretch of the feed with what became of them at the webhook, oldest first.
    static func stretch(_ replay: Replay, limit: Int) -> Query {
        """
        SELECT event.organization_id, event.id, event.brand_id, event.user_id, event.type, event.body, event.scope,
            event.is_test, event.created_at, event.position, delivery.id, delivery.state, delivery.last_status_code
        FROM event LEFT JOIN delivery ON delivery.organization_id = event.organization_id
            AND delivery.event_id = event.id AND delivery.webhook_id = \(replay.webhookID)
            AND delivery.triggered_by <> 'test'
        WHERE event.organization_id = \(replay.organizationID) AND event.position > \(replay.position)
          AND event.position <= \(replay.end)
        ORDER BY event.position LIMIT \(limit)
        """
    }

    /// Places in the feed before and after all of the window's events. Ids begin with their time, so the window is a range of
    /// the primary key; within one millisecond ids and places need not agree, so there is a margin on both sides. What is
    /// too early or too late is left out by its time.
    static func window(_ since: Instant, _ until: Instant, in organization: OrganizationID) -> Query {
        """
        SELECT (SELECT position FROM event WHERE organization_id = \(organization) AND position IS NOT NULL
                  AND id >= \(EventQueries.firstID(at: since)) AND id < \(EventQueries.firstID(at: until))
                ORDER BY id LIMIT 1) - \(margin),
               (SELECT position FROM event WHERE organization_id = \(organization) AND position IS NOT NULL
                  AND id >= \(EventQueries.firstID(at: since)) AND id < \(EventQueries.firstID(at: until))
                ORDER BY id DESC LIMIT 1) + \(margin)
        """
    }

    /// More events than one transaction of ours makes.
    private static let margin: Int64 = 10_000

    /// Makes a delivery due again, on the account of a replay; in an ordered webhook behind what is open already.
    static func revive(_ delivery: DeliveryID, in organization: OrganizationID, wakeAt: Instant) -> Query {
        """
        UPDATE delivery SET state = 'pending', triggered_by = 'replay', resume_at = NULL, auto_attempts = 0,
            wake_at = CASE WHEN entity IS NOT NULL AND EXISTS (
                SELECT 1 FROM delivery AS other WHERE other.webhook_id = delivery.webhook_id
                  AND other.entity = delivery.entity AND other.entity IS NOT NULL
                  AND other.state IN ('pending', 'in_flight', 'retrying')) THEN \(Delivery.blocked) ELSE \(wakeAt) END
        WHERE organization_id = \(organization) AND id = \(delivery)
          AND state IN ('failed', 'held', 'succeeded', 'cancelled')
        """
    }
}
