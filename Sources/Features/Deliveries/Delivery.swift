package import Contract
package import Core

/// One event on its way to one webhook.
package struct Delivery: Sendable {
    package enum State: String, Sendable, CaseIterable, APIEnum, QueryValue {
        case pending, succeeded, retrying, failed, held, filtered, cancelled
        case inFlight = "in_flight"
    }

    /// Who asked for the next attempt.
    package enum Trigger: String, Sendable, CaseIterable, APIEnum {
        case auto, manual, replay, test, probe
    }

    package var id: DeliveryID
    package var organizationID: OrganizationID
    package var webhookID: WebhookID
    package var eventID: EventID
    package var event: String
    /// Per webhook, without gaps.
    package var sequence: Int64
    package var state: State
    package var trigger: Trigger
    package var attempts: Int
    /// Attempts that the schedule made: manual ones do not use it up.
    package var autoAttempts: Int
    package var wakeAt: Instant?
    /// Where the schedule goes on after a manual attempt that failed.
    package var resumeAt: Instant?
    /// Moves on with every claim: a worker whose token is not the present one writes nothing.
    package var leaseToken: Int64
    package var lastStatusCode: Int?
    package var lastErrorClass: String?
    package var createdAt: Instant
    package var deliveredAt: Instant?
    /// Deliveries of one webhook and entity go one after the other; nil: no order.
    package var entity: String?
    /// The sequence of the delivery that was left behind by this one, or of this one when it was left behind itself.
    package var orderBreak: Int64?

    /// When something is due that waits for an earlier delivery of its entity: never by itself.
    package static let blocked = Instant(milliseconds: 253_402_300_799_000)
    /// True when nothing more happens by itself.
    package var isClosed: Bool { state != .pending && state != .retrying && state != .inFlight }
}

extension Delivery: APIObject {
    package static let name = "Delivery"
    package static let summary = "One event on its way to one webhook."
    package static let properties: [Property<Self>] = [
        Property("id", "The delivery's id.") { $0.id },
        Property("eventId", "The event's id: the `webhook-id` header.") { $0.eventID },
        Property("event", "The event's type.") { $0.event },
        Property("webhookId", "The webhook.") { $0.webhookID },
        Property("sequence", "Its number in the webhook's gap-free sequence.") { $0.sequence },
        Property("state", "Where it is.") { $0.state },
        Property("attempts", "How many attempts were made.") { $0.attempts },
        Property("nextAttemptAt", "When the next attempt is due; null also while it waits for its turn in an ordered webhook.")
        {
            $0.state == .inFlight || $0.wakeAt == blocked ? nil : $0.wakeAt
        },
        Property("lastStatusCode", "The last answer's status; null when none came.") { $0.lastStatusCode },
        Property("lastErrorClass", "What kind of failure the last attempt was.") { $0.lastErrorClass },
        Property("createdAt", "When the event happened.") { $0.createdAt },
        Property("deliveredAt", "When the webhook accepted it.") { $0.deliveredAt },
    ]
    package static let example = Delivery(
        id: ID("cmb2k7q0x0000000000000008"), organizationID: ID("clx789xyz"), webhookID: ID("cmb2k7q0x0000000000000007"),
        eventID: ID("cmb2k7q0x0000000000000009"), event: "post.published", sequence: 1, state: .succeeded, trigger: .auto,
        attempts: 1, autoAttempts: 1, wakeAt: nil, resumeAt: nil, leaseToken: 1, lastStatusCode: 204, lastErrorClass: nil,
        createdAt: Instant(seconds: 1_770_114_600), deliveredAt: Instant(seconds: 1_770_114_600),
        entity: nil, orderBreak: nil)
}
