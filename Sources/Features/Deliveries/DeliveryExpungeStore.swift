package import Contract
package import Core
import Relational

extension DeliveryStore {
    /// Erases the answers that a delivery's attempts keep and the event's data; what, when and where stays. Other
    /// deliveries of the event that are still open send what is left.
    package func expunge(_ id: DeliveryID, for caller: Caller) async throws -> Delivery {
        let delivery = try await get(id, for: caller)
        try await engine.write { connection in
            try connection.execute(
                """
                UPDATE attempt SET response = NULL
                WHERE organization_id = \(delivery.organizationID) AND delivery_id = \(id)
                """)
            guard
                let event = try connection.first(
                    EventQueries.find(delivery.eventID, in: delivery.organizationID), EventQueries.decode)
            else { return }
            let envelope = Envelope(
                timestamp: event.createdAt, organizationID: event.organizationID, brandID: event.brandID, userID: nil)
            let body = envelope.bytes(type: event.type) { writer in
                JSONValue.object([.init("expunged", true)]).write(to: &writer)
            }
            try connection.execute(
                """
                UPDATE event SET body = \(String(decoding: body, as: UTF8.self))
                WHERE organization_id = \(event.organizationID) AND id = \(event.id)
                """)
        }
        return delivery
    }
}
