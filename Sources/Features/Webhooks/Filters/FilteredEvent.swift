package import Contract
package import Core

/// An event that a webhook's filter kept back, and why.
package struct FilteredEvent: APIObject {
    package var id: DeliveryID
    package var eventID: EventID
    package var event: String
    package var reason: String
    package var createdAt: Instant

    package static let name = "FilteredEvent"
    package static let properties: [Property<Self>] = [
        Property("id", "The record's id.") { $0.id },
        Property("eventId", "The event.") { $0.eventID },
        Property("event", "Its type.") { $0.event },
        Property("state", "Always filtered.") { _ in Delivery.State.filtered },
        Property("reason", "Which part of the filter it did not meet.") { $0.reason },
        Property("createdAt", "When it happened.") { $0.createdAt },
    ]
    package static let example = FilteredEvent(
        id: ID("cmb2k7q0x0000000000000016"), eventID: ID("cmb2k7q0x0000000000000009"), event: "post.published",
        reason: "platforms: the event has mastodon", createdAt: Instant(seconds: 1_770_114_600))
}
