package import Core
import Relational

/// Reads what deliveries say together.
extension DeliveryStore {
    /// Most deliveries that statistics look at.
    static let statisticsLimit = 50_000

    /// The delivery of an event to a webhook; nil when there is none.
    package func find(
        event: EventID, webhook: WebhookID, in organization: OrganizationID
    ) async throws -> Delivery? {
        try await engine.read { connection in
            try connection.first(DeliveryQueries.find(event: event, webhook: webhook, in: organization), DeliveryQueries.decode)
        }
    }

    package func statistics(
        of webhook: WebhookID, hours: Int, in organization: OrganizationID
    ) async throws -> DeliveryStatistics {
        let since = ambient.now() - .seconds(hours * 3600)
        return try await engine.read { connection in
            var states: [String: Int] = [:]
            var errors: [String: Int] = [:]
            var latencies: [Int64] = []
            var perHour: [Int64: HourOfDeliveries] = [:]
            var attempts = 0
            var count = 0
            let rows = try connection.query(
                DeliveryQueries.recent(of: webhook, since: since, limit: Self.statisticsLimit, in: organization)
            ) { row in
                (
                    state: try row.value(0, Delivery.State.self), attempts: Int(row.int(1)), error: row.optionalText(2),
                    created: row.int(3), delivered: row.optionalInt(4)
                )
            }
            for row in rows {
                count += 1
                attempts += row.attempts
                states[row.state.rawValue, default: 0] += 1
                if let error = row.error { errors[error, default: 0] += 1 }
                if let delivered = row.delivered { latencies.append(delivered - row.created) }
                let hour = row.created / 3_600_000 * 3_600_000
                var present =
                    perHour[hour]
                    ?? HourOfDeliveries(hour: Instant(milliseconds: hour), succeeded: 0, failed: 0, open: 0)
                switch row.state {
                case .succeeded: present.succeeded += 1
                case .failed: present.failed += 1
                case .pending, .inFlight, .retrying, .held, .filtered, .cancelled: present.open += 1
                }
                perHour[hour] = present
            }
            let filtered = try connection.first(FilteredQueries.count(of: webhook, since: since, in: organization)) {
                Int($0.int(0))
            }
            return DeliveryStatistics(
                hours: hours, states: states.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
                errors: errors.sorted { $0.value > $1.value }.map { (name: $0.key, value: $0.value) },
                filtered: filtered ?? 0, latencies: latencies.sorted(), attempts: attempts,
                perHour: perHour.values.sorted { $0.hour < $1.hour }, isComplete: count < Self.statisticsLimit)
        }
    }

    /// The deliveries in a range of sequence numbers that are not among those received.
    package func gaps(
        of webhook: WebhookID, _ query: GapQuery, in organization: OrganizationID
    ) async throws -> GapReport {
        try await engine.read { connection in
            let newest =
                try connection.first(
                    "SELECT next_sequence - 1 FROM webhook WHERE organization_id = \(organization) AND id = \(webhook)"
                ) { $0.int(0) } ?? 0
            let first = Int64(query.from)
            let end = min(query.to.map(Int64.init) ?? newest, newest)
            // Both are 0 or more, so their difference fits, as a sum with what a caller says would not.
            let last = end - first >= GapQuery.longest ? first + GapQuery.longest - 1 : end
            let received = Set(query.received.map(Int64.init))
            let all = try connection.query(
                DeliveryQueries.range(of: webhook, from: first, to: last, in: organization), DeliveryQueries.decode)
            return GapReport(from: query.from, to: last, missing: all.filter { !received.contains($0.sequence) })
        }
    }

    /// A webhook's deliveries after a sequence number, oldest first: for exports, which read in pieces.
    package func piece(
        of webhook: WebhookID, _ filter: DeliveryFilter, after sequence: Int64, limit: Int, in organization: OrganizationID
    ) async throws -> [Delivery] {
        try await engine.read { connection in
            try connection.query(
                DeliveryQueries.piece(of: webhook, filter, after: sequence, limit: limit, in: organization),
                DeliveryQueries.decode)
        }
    }
}
