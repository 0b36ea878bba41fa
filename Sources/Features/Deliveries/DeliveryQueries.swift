import Contract
import Core
import Relational

/// The SQL of deliveries and attempts.
enum DeliveryQueries {
    static let columns: Query = """
        organization_id, id, webhook_id, event_id, event_type, sequence, state, triggered_by, attempts, auto_attempts, wake_at, \
        resume_at, lease_token, last_status_code, last_error_class, created_at, delivered_at, entity, order_break
        """

    static func decode(_ row: any ResultRow) throws -> Delivery {
        Delivery(
            id: row.id(1), organizationID: row.id(0), webhookID: row.id(2), eventID: row.id(3), event: row.text(4),
            sequence: row.int(5), state: try row.value(6), trigger: try row.value(7), attempts: Int(row.int(8)),
            autoAttempts: Int(row.int(9)), wakeAt: row.optionalInstant(10), resumeAt: row.optionalInstant(11),
            leaseToken: row.int(12), lastStatusCode: row.optionalInt(13).map(Int.init), lastErrorClass: row.optionalText(14),
            createdAt: row.instant(15), deliveredAt: row.optionalInstant(16), entity: row.optionalText(17),
            orderBreak: row.optionalInt(18))
    }

    static func insert(_ delivery: Delivery) -> Query {
        """
        INSERT INTO delivery (\(columns))
        VALUES (\(delivery.organizationID), \(delivery.id), \(delivery.webhookID), \(delivery.eventID), \(delivery.event),
                \(delivery.sequence), \(delivery.state), \(delivery.trigger), \(delivery.attempts), \(delivery.autoAttempts),
                \(delivery.wakeAt), \(delivery.resumeAt), \(delivery.leaseToken), \(delivery.lastStatusCode.map(Int64.init)),
                \(delivery.lastErrorClass), \(delivery.createdAt), \(delivery.deliveredAt), \(delivery.entity),
                \(delivery.orderBreak))
        ON CONFLICT (organization_id, event_id, webhook_id) WHERE triggered_by <> 'test' DO NOTHING
        """
    }

    static func find(_ id: DeliveryID, in organization: OrganizationID) -> Query {
        "SELECT \(columns) FROM delivery WHERE organization_id = \(organization) AND id = \(id)"
    }

    /// A webhook's log by its sequence, newest first. By id it would be the same order, but a planner would then take the
    /// primary key and walk the logs of all the organization's webhooks.
    static func list(_ webhook: WebhookID, _ filter: DeliveryFilter, in organization: OrganizationID, _ page: PageRequest)
        -> Query
    {
        var conditions: [Query] = ["organization_id = \(organization)", "webhook_id = \(webhook)"]
        conditions.append(page.condition("sequence", isNumber: true))
        if !filter.states.isEmpty, filter.states.allSatisfy(quiet.contains) { conditions.append(isQuiet) }
        conditions += self.conditions(filter)
        return "SELECT \(columns) FROM delivery WHERE \(Query.all(conditions)) \(page.tail("sequence"))"
    }

    /// The states in which something happens by itself. Each has a partial index, and the condition must be written out
    /// for a planner to know that the index holds it.
    enum Open: CaseIterable {
        case pending, retrying, inFlight

        var state: Delivery.State {
            switch self {
            case .pending: .pending
            case .retrying: .retrying
            case .inFlight: .inFlight
            }
        }
        var condition: Query {
            switch self {
            case .pending: "state = 'pending'"
            case .retrying: "state = 'retrying'"
            case .inFlight: "state = 'in_flight'"
            }
        }
    }

    private static let quiet: Set<Delivery.State> = [.held, .failed, .filtered, .cancelled]
    private static let isQuiet: Query = "state IN ('held', 'failed', 'filtered', 'cancelled')"

    /// Every webhook with deliveries in `open`, whose it is, and when the first is due: some index seeks for each webhook,
    /// however much waits.
    static func openWork(_ open: Open) -> Query {
        """
        WITH RECURSIVE open_webhook (id) AS (
            SELECT min(webhook_id) FROM delivery WHERE \(open.condition)
            UNION ALL
            SELECT (SELECT min(webhook_id) FROM delivery WHERE \(open.condition) AND webhook_id > open_webhook.id)
            FROM open_webhook WHERE open_webhook.id IS NOT NULL)
        SELECT id, (SELECT min(wake_at) FROM delivery WHERE webhook_id = open_webhook.id AND \(open.condition)),
            (SELECT organization_id FROM delivery WHERE webhook_id = open_webhook.id AND \(open.condition) LIMIT 1)
        FROM open_webhook WHERE id IS NOT NULL
        """
    }

    static func depth(_ open: Open) -> Query { "SELECT count(*) FROM delivery WHERE \(open.condition)" }

    static func claim(_ open: Open, of webhook: WebhookID, now: Instant, leaseUntil: Instant, limit: Int) -> Query {
        """
        UPDATE delivery SET state = 'in_flight', wake_at = \(leaseUntil), lease_token = lease_token + 1
        WHERE (organization_id, id) IN (
            SELECT organization_id, id FROM delivery
            WHERE webhook_id = \(webhook) AND \(open.condition) AND wake_at <= \(now)
            ORDER BY wake_at, sequence LIMIT \(limit) \(.skipLocked))
        RETURNING \(columns)
        """
    }

    /// Moves every delivery of a webhook out of an open state. The selection goes by the webhook alone: with the
    /// organization beside it, a planner would walk the webhook's whole log.
    static func close(_ open: Open, of webhook: WebhookID, as state: Delivery.State) -> Query {
        """
        UPDATE delivery SET state = \(state), wake_at = NULL
        WHERE (organization_id, id) IN (
            SELECT organization_id, id FROM delivery WHERE webhook_id = \(webhook) AND \(open.condition))
        """
    }

    static func held(of webhook: WebhookID, in organization: OrganizationID) -> Query {
        "organization_id = \(organization) AND webhook_id = \(webhook) AND state = 'held' AND \(isQuiet)"
    }

    static func finish(_ delivery: Delivery) -> Query {
        """
        UPDATE delivery SET state = \(delivery.state), triggered_by = \(delivery.trigger), attempts = \(delivery.attempts),
            auto_attempts = \(delivery.autoAttempts), wake_at = \(delivery.wakeAt), resume_at = \(delivery.resumeAt),
            last_status_code = \(delivery.lastStatusCode.map(Int64.init)), last_error_class = \(delivery.lastErrorClass),
            delivered_at = \(delivery.deliveredAt), entity = \(delivery.entity), order_break = \(delivery.orderBreak)
        WHERE organization_id = \(delivery.organizationID) AND id = \(delivery.id) AND lease_token = \(delivery.leaseToken)
          AND state = 'in_flight'
        """
    }

    /// Makes a claimed delivery due at once, unless its claim was lost.
    static func giveBack(_ delivery: Delivery, now: Instant) -> Query {
        """
        UPDATE delivery SET wake_at = \(now)
        WHERE organization_id = \(delivery.organizationID) AND id = \(delivery.id)
          AND lease_token = \(delivery.leaseToken) AND state = 'in_flight'
        """
    }

    static func insert(_ attempt: Attempt, of delivery: Delivery) -> Query {
        """
        INSERT INTO attempt (organization_id, delivery_id, number, triggered_by, started_at, duration_ms, status_code,
            error_class, error, request, response, phases)
        VALUES (\(delivery.organizationID), \(delivery.id), \(attempt.number), \(attempt.trigger), \(attempt.startedAt),
                \(attempt.durationMS), \(attempt.statusCode.map(Int64.init)), \(attempt.errorClass), \(attempt.error),
                \(attempt.request.text), \(attempt.response?.text), \(attempt.phases.text))
        """
    }

    static func attempts(of id: DeliveryID, in organization: OrganizationID, _ page: PageRequest) -> Query {
        """
        SELECT number, triggered_by, started_at, duration_ms, status_code, error_class, error, request, response, phases
        FROM attempt WHERE organization_id = \(organization) AND delivery_id = \(id)
          AND \(page.condition("number", ascending: true, isNumber: true))
        \(page.tail("number", ascending: true))
        """
    }

    static func decodeAttempt(_ row: any ResultRow) throws -> Attempt {
        Attempt(
            number: Int(row.int(0)), trigger: try row.value(1), startedAt: row.instant(2), durationMS: row.int(3),
            statusCode: row.optionalInt(4).map(Int.init), errorClass: row.optionalText(5), error: row.optionalText(6),
            request: RawJSON(row.text(7)), response: row.optionalText(8).map { RawJSON($0) }, phases: RawJSON(row.text(9)))
    }
}
