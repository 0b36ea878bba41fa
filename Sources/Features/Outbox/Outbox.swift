package import Contract
package import Core
package import Relational

/// Where events begin their way to the webhooks. ``append(_:for:brand:user:on:)`` runs inside the transaction that makes
/// the event true: both commit or neither does, so no event is lost and none is told that did not happen.
package struct Outbox: Sendable {
    package let ambient: Ambient
    /// Wakes the dispatcher. Signalled by whoever committed a transaction with an event in it.
    package let wake: WakeSignal

    package init(ambient: Ambient, wake: WakeSignal = WakeSignal()) {
        self.ambient = ambient
        self.wake = wake
    }

    /// Records `event` on the caller's open transaction and makes a delivery for every webhook that wants it.
    /// - Parameters:
    ///   - user: who triggered it; nil when the system did.
    /// - Returns: the event's id, the `webhook-id` of its deliveries.
    @discardableResult
    package func append<E: Event>(
        _ event: E, for organization: OrganizationID, brand: BrandID?, user: UserID?, on connection: any RelationalConnection
    ) throws -> EventID {
        let now = ambient.now()
        let id: EventID = ambient.newID()
        let body = Envelope(timestamp: now, organizationID: organization, brandID: brand, userID: user).bytes(of: event)
        try connection.execute(
            """
            INSERT INTO event (organization_id, id, brand_id, user_id, type, body, created_at)
            VALUES (\(organization), \(id), \(brand), \(user), \(E.type), \(String(decoding: body, as: UTF8.self)), \(now))
            """)
        try FanOut.run(id, type: E.type, in: organization, at: now, ambient: ambient, on: connection)
        return id
    }
}
