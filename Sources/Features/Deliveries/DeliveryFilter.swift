package import Contract
package import Core

/// The filters of a webhook's deliveries.
package struct DeliveryFilter: APIQuery {
    package var states: [Delivery.State] = []
    package var event: String?
    package var eventID: EventID?
    package var code: Int?
    package var errorClass: String?
    package var since: Instant?
    package var until: Instant?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "state", "Only deliveries in this state.") { $0.states = $1 },
        QueryParameter("event", "Only deliveries of this event type.") { $0.event = $1 },
        QueryParameter("eventId", "Only deliveries of this event.") { $0.eventID = $1 },
        QueryParameter("statusCode", "Only deliveries whose last answer had this status.") { $0.code = $1 },
        QueryParameter("errorClass", "Only deliveries whose last attempt failed like this, such as http_5xx.") {
            $0.errorClass = $1
        },
        QueryParameter("since", "Only deliveries of events from this instant on.") { $0.since = $1 },
        QueryParameter("until", "Only deliveries of events before this instant.") { $0.until = $1 },
    ]
}
