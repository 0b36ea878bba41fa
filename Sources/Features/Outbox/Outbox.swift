package import Contract
package import Core
package import Relational

/// Where events begin their way to the webhooks. ``append(_:for:brand:user:on:)`` runs inside the transaction that makes
/// the event true: both commit or neither does, so no event is lost and none is told that did not happen.
package struct Outbox: Sendable {
    package let ambient: Ambient
    /// Wakes the dispatcher and whoever follows the feed. Signalled by whoever committed a transaction with an event in it.
    package let wake: WakeSignal
    /// Signalled with ``wake``: for any number of readers of the feed.
    package let feed: Broadcast

    package init(ambient: Ambient) {
        self.ambient = ambient
        feed = Broadcast()
        wake = WakeSignal(followers: feed)
    }

    /// Records `event` on the caller's open transaction and makes a delivery for every webhook that wants it.
    /// - Parameters:
    ///   - user: who triggered it; nil when the system did.
    ///   - isTest: nothing happened: deliveries carry `X-Audenci-Test: true`.
    /// - Returns: the event's id, the `webhook-id` of its deliveries.
    @discardableResult
    package func append(
        _ event: any Event, for organization: OrganizationID, brand: BrandID?, user: UserID?, isTest: Bool = false,
        on connection: any RelationalConnection
    ) throws -> EventID {
        func encoded<E: Event>(_ event: E, _ envelope: Envelope) -> [UInt8] { envelope.bytes(of: event) }
        let now = ambient.now()
        let envelope = Envelope(timestamp: now, organizationID: organization, brandID: brand, userID: user)
        let record = EventRecord(
            id: ambient.newID(), organizationID: organization, brandID: brand, userID: user, type: type(of: event).type,
            body: encoded(event, envelope), scope: event.scope, isTest: isTest, createdAt: now)
        let position = try connection.first(EventQueries.nextPosition(in: organization)) { $0.int(0) }
        try connection.execute(EventQueries.insert(record, position: position))
        try FanOut.run(record, ambient: ambient, on: connection)
        return record.id
    }
}
