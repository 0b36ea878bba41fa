import Contract
import Core

/// An export of deliveries: which, and in which form.
struct DeliveryExport: APIQuery {
    enum Form: String, Sendable, CaseIterable, APIEnum, QueryValue { case ndjson, csv }
    var filter = DeliveryFilter()
    var form = Form.ndjson

    init() {}

    static let parameters: [QueryParameter<Self>] =
        [QueryParameter("format", "ndjson (the default) or csv.") { $0.form = $1 }]
        + DeliveryFilter.parameters.map { parameter in
            QueryParameter(parameter) {
                $0.filter
            } set: {
                $0.filter = $1
            }
        }

    /// Reads in pieces of 500, so that memory stays flat however long the log is.
    func stream(
        of webhook: WebhookID, from deliveries: DeliveryStore, in organization: OrganizationID
    ) -> Streamed<ExportedRows> {
        let type = form == .csv ? "text/csv; charset=utf-8" : ExportedRows.contentType
        let file = ("Content-Disposition", "attachment; filename=\"deliveries.\(form.rawValue)\"")
        return Streamed(ExportedRows.self, contentType: type, headers: [file]) { [filter, form] send in
            if form == .csv { try await send(Array((CSV.line(Self.columns) + "\r\n").utf8)) }
            var after: Int64 = 0
            while !Task.isCancelled {
                let piece = try await deliveries.piece(of: webhook, filter, after: after, limit: 500, in: organization)
                guard let last = piece.last else { return }
                after = last.sequence
                try await send(piece.flatMap { form == .csv ? Self.row($0) : $0.jsonBytes + [0x0A] })
            }
        }
    }

    private static let columns = [
        "id", "eventId", "event", "webhookId", "sequence", "state", "attempts", "lastStatusCode", "lastErrorClass",
        "createdAt", "deliveredAt",
    ]

    private static func row(_ delivery: Delivery) -> [UInt8] {
        let values: [String?] = [
            delivery.id.rawValue, delivery.eventID.rawValue, delivery.event, delivery.webhookID.rawValue,
            String(delivery.sequence), delivery.state.rawValue, String(delivery.attempts),
            delivery.lastStatusCode.map(String.init), delivery.lastErrorClass, "\(delivery.createdAt)",
            delivery.deliveredAt.map { "\($0)" },
        ]
        return Array((CSV.line(values.map { $0 ?? "" }) + "\r\n").utf8)
    }
}
