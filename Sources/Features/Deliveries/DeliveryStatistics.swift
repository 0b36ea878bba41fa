package import Contract
package import Core

/// How a webhook's deliveries of the last hours went.
package struct DeliveryStatistics: APIObject {
    package var hours: Int
    package var states: [(name: String, value: Int)]
    package var errors: [(name: String, value: Int)]
    package var filtered: Int
    /// Milliseconds from the event to its acceptance, sorted.
    package var latencies: [Int64]
    package var attempts: Int
    package var perHour: [HourOfDeliveries]
    package var isComplete: Bool

    private func latency(_ part: Double) -> Int64? {
        latencies.isEmpty ? nil : latencies[min(Int(Double(latencies.count) * part), latencies.count - 1)]
    }
    private func count(_ state: Delivery.State) -> Int { states.first { $0.name == state.rawValue }?.value ?? 0 }

    package static let name = "WebhookStatistics"
    package static let properties: [Property<Self>] = [
        Property("hours", "How far back this looks.") { $0.hours },
        Property("states", "How many deliveries are in which state.") { NamedValues($0.states) },
        Property("filtered", "How many events its filter kept back.") { $0.filtered },
        Property("attempts", "How many attempts these deliveries took.") { $0.attempts },
        Property("successRate", "Succeeded, of those that are decided; null when none is.") { statistics -> Double? in
            let (good, bad) = (statistics.count(.succeeded), statistics.count(.failed))
            return good + bad == 0 ? nil : Double(good) / Double(good + bad)
        },
        Property("errors", "Deliveries by the kind of their last failure.") { NamedValues($0.errors) },
        Property("latencyP50Ms", "Milliseconds from the event to its acceptance, of half of them.") { $0.latency(0.5) },
        Property("latencyP95Ms", "Of 95 in 100.") { $0.latency(0.95) },
        Property("latencyP99Ms", "Of 99 in 100.") { $0.latency(0.99) },
        Property("perHour", "By the hour, oldest first.") { $0.perHour },
        Property("complete", "False when there were more deliveries than are looked at, the newest 50000.") { $0.isComplete },
    ]
    package static let example = DeliveryStatistics(
        hours: 24, states: [("succeeded", 118), ("failed", 2)], errors: [("http_5xx", 2)], filtered: 4, latencies: [3, 5, 9],
        attempts: 131, perHour: [.example], isComplete: true)
}

/// The deliveries of one hour.
package struct HourOfDeliveries: APIObject {
    package var hour: Instant
    package var succeeded: Int
    package var failed: Int
    package var open: Int

    package static let name = "HourOfDeliveries"
    package static let properties: [Property<Self>] = [
        Property("hour", "When it began.") { $0.hour },
        Property("succeeded", "Deliveries of its events that succeeded.") { $0.succeeded },
        Property("failed", "That failed for good.") { $0.failed },
        Property("open", "Everything else.") { $0.open },
    ]
    package static let example = HourOfDeliveries(hour: Instant(seconds: 1_770_112_800), succeeded: 5, failed: 0, open: 1)
}

/// How far back statistics look.
package struct StatsQuery: APIQuery {
    package var hours = 24

    package init() {}

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter("hours", "How far back: 1 to 720, 24 unless said otherwise.") { $0.hours = min(max($1, 1), 720) }
    ]
}

/// What a receiver has seen.
package struct GapQuery: APIQuery {
    package var from: Int = 1
    package var to: Int?
    package var received: [Int] = []

    package init() {}

    /// Most numbers that one question looks at.
    static let longest: Int64 = 10_000

    package static let parameters: [QueryParameter<Self>] = [
        QueryParameter("from", "The first sequence number to look at; 1 unless said otherwise.") { $0.from = $1 },
        QueryParameter("to", "The last one; the newest, when absent. At most 10000 at a time.") { $0.to = $1 },
        QueryParameter(list: "received", "The X-Audenci-Sequence numbers that arrived.") { $0.received = $1 },
    ]

    /// What is wrong with the range; nil when nothing is.
    package var issue: FieldIssue? {
        if from < 1 { return FieldIssue("from", "must be 1 or more") }
        if let to, to < from { return FieldIssue("to", "must not be less than from") }
        if let to, Int64(to - from) >= Self.longest { return FieldIssue("to", "must be less than 10000 after from") }
        return nil
    }
}

/// The deliveries that a receiver has not seen.
package struct GapReport: APIObject {
    package var from: Int
    package var to: Int64
    package var missing: [Delivery]

    package static let name = "GapReport"
    package static let properties: [Property<Self>] = [
        Property("from", "The first number that was looked at.") { $0.from },
        Property("to", "The last.") { $0.to },
        Property("missing", "Deliveries whose numbers were not received, with where they are.") { $0.missing },
        Property("complete", "Whether nothing is missing.") { $0.missing.isEmpty },
    ]
    package static let example = GapReport(from: 1, to: 3, missing: [.example])
}
