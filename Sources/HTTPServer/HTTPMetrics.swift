import Synchronization

/// Counts requests by route template and status class, and how long they took. One short lock for each request, on a
/// counter that its route holds already.
package final class HTTPMetrics: Sendable {
    private let routes = Mutex<[RouteMetrics]>([])
    private let running = Atomic<Int>(0)

    package init() {}

    /// Requests that are being answered at this moment.
    package var inFlight: Int { running.load(ordering: .relaxed) }

    /// What was counted so far, one entry a route, in order of registration.
    package var snapshot: [RouteSnapshot] { routes.withLock { $0 }.map(\.snapshot) }

    /// The counter of a route; the same one for the same method and template.
    func route(_ method: String, _ template: String) -> RouteMetrics {
        routes.withLock { routes in
            if let known = routes.first(where: { $0.method == method && $0.template == template }) { return known }
            let route = RouteMetrics(method: method, template: template)
            routes.append(route)
            return route
        }
    }

    func begin() { running.add(1, ordering: .relaxed) }
    func end() { running.subtract(1, ordering: .relaxed) }
}

/// One route's numbers.
package struct RouteSnapshot: Sendable {
    package let method: String
    /// `/api/posts/{id}`; `unmatched` for requests that no route takes.
    package let template: String
    /// Answers with a status of 1xx to 5xx: index 0 to 4.
    package internal(set) var statuses = [Int](repeating: 0, count: 5)
    /// Requests in each interval of ``boundaries``, and one more for all that are slower; not cumulated.
    package internal(set) var buckets = [Int](repeating: 0, count: RouteSnapshot.boundaries.count + 1)
    /// The sum of all durations.
    package internal(set) var microseconds: Int64 = 0

    package var count: Int { statuses.reduce(0, +) }

    /// Upper ends of the intervals, in seconds.
    package static let boundaries: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
}

/// The counter of one route.
final class RouteMetrics: Sendable {
    let method: String
    let template: String
    private let numbers: Mutex<RouteSnapshot>

    init(method: String, template: String) {
        self.method = method
        self.template = template
        numbers = Mutex(RouteSnapshot(method: method, template: template))
    }

    var snapshot: RouteSnapshot { numbers.withLock { $0 } }

    func record(status: Int, microseconds: Int64) {
        let place = Self.limits.firstIndex { microseconds <= $0 } ?? Self.limits.count
        let group = min(max(status / 100, 1), 5) - 1
        numbers.withLock { numbers in
            numbers.statuses[group] &+= 1
            numbers.buckets[place] &+= 1
            numbers.microseconds &+= microseconds
        }
    }

    private static let limits = RouteSnapshot.boundaries.map { Int64($0 * 1_000_000) }
}
