import Contract
import Core
import Relational

extension DeliveryStore {
    /// Logs a test: an event of its own and a claimed delivery that no schedule will touch.
    package func beginTest(
        _ webhook: Webhook, type: String, body: [UInt8], as trigger: Delivery.Trigger = .test
    ) async throws -> Delivery {
        try await engine.write { connection in
            let now = ambient.now()
            let event: EventID = ambient.newID()
            let record = EventRecord(
                id: event, organizationID: webhook.organizationID, brandID: nil, userID: nil, type: type, body: body,
                scope: EventScope(), isTest: true, createdAt: now)
            try connection.execute(EventQueries.insert(record, position: nil))
            let sequence = try FanOut.nextSequence(of: webhook.id, in: webhook.organizationID, on: connection)
            let delivery = Delivery(
                id: ambient.newID(), organizationID: webhook.organizationID, webhookID: webhook.id, eventID: event, event: type,
                sequence: sequence, state: .inFlight, trigger: trigger, attempts: 0, autoAttempts: 0,
                wakeAt: now + .seconds(60),
                resumeAt: nil, leaseToken: 1, lastStatusCode: nil, lastErrorClass: nil, createdAt: now, deliveredAt: nil,
                entity: nil, orderBreak: nil)
            try connection.execute(DeliveryQueries.insert(delivery))
            return delivery
        }
    }
}
