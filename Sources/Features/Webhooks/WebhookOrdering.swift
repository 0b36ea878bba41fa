package import Contract

/// Whether a webhook gets its events one after the other.
package enum WebhookOrdering: String, Sendable, CaseIterable, APIEnum, QueryValue {
    /// As fast as possible, many at once; `X-Audenci-Sequence` tells the order.
    case none
    /// In order for each post, campaign or account, many of them at once.
    case entity
    /// One after the other.
    case strict

    /// Deliveries with the same key go one after the other; nil: no order.
    package func key(of scope: EventScope) -> String? {
        switch self {
        case .none: nil
        case .entity: scope.entity
        case .strict: "*"
        }
    }
}
