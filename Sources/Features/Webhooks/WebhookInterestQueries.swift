import Contract
import Core
import Relational

/// What the fan-out has to know of a webhook: which events it wants, and how their deliveries begin.
struct WebhookInterest: Sendable {
    var id: WebhookID
    var events: [String]
    var isEnabled: Bool
    var filterText: String?
    var ordering: WebhookOrdering
    /// How long events are collected for one request; 0: not at all.
    var batchSeconds: Int64

    static let columns: Query =
        "webhook.id, webhook.events, webhook.enabled, webhook.filter, webhook.ordering, webhook.batch_seconds"

    static func decode(_ row: any ResultRow) throws -> WebhookInterest {
        WebhookInterest(
            id: row.id(0), events: StringList.decode(row.text(1)), isEnabled: row.bool(2), filterText: row.optionalText(3),
            ordering: try row.value(4), batchSeconds: row.int(5))
    }

    static func find(_ id: WebhookID, in organization: OrganizationID) -> Query {
        """
        SELECT \(columns) FROM webhook
        WHERE webhook.organization_id = \(organization) AND webhook.id = \(id) AND webhook.deleted_at IS NULL
        """
    }

    func filter() throws -> WebhookFilter? { try filterText.map { try WebhookFilter(stored: $0) } }

    /// When an event of now is due: the end of its window. Windows are the same for all events, so that what happens in one
    /// is due at the same moment and leaves in one request.
    func window(around now: Instant) -> Instant {
        guard batchSeconds > 0 else { return now }
        let length = batchSeconds * 1000
        return Instant(milliseconds: (now.milliseconds / length + 1) * length)
    }
}
