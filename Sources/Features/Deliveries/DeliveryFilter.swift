package import Contract

/// The filters of a webhook's deliveries.
package struct DeliveryFilter: APIQuery {
    package var states: [Delivery.State] = []
    package var event: String?

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter(list: "state", "Only deliveries in this state.") { $0.states = $1 },
        QueryParameter("event", "Only deliveries of this event type.") { $0.event = $1 },
    ]
}
