import Core
import Outbound
import Synchronization

/// Counters of the dispatcher, for `/metrics`.
package final class DeliveryMetrics: Sendable {
    /// Upper ends of the latency histogram's buckets, in seconds.
    package static let boundaries: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300]

    private struct State {
        var attempts: [String: Int64] = [:]
        var buckets = [Int64](repeating: 0, count: boundaries.count + 1)
        var sum = 0.0
        var count: Int64 = 0
        var inFlight = 0
        var lostLeases: Int64 = 0
        var deferred: [String: Int64] = [:]
        var openBreakers = 0
        var phases: [String: (count: Int64, seconds: Double)] = [:]
    }
    private let state = Mutex(State())

    package init() {}

    func began() { state.withLock { $0.inFlight += 1 } }

    /// - Parameters:
    ///   - kind: `succeeded`, or the error class.
    ///   - latency: from the event to its acceptance; nil when it was not accepted.
    func ended(_ kind: String, latency: Duration?) {
        state.withLock { state in
            state.inFlight -= 1
            state.attempts[kind, default: 0] += 1
            guard let seconds = latency?.inSeconds else { return }
            state.sum += seconds
            state.count += 1
            state.buckets[Self.boundaries.firstIndex { seconds <= $0 } ?? Self.boundaries.count] += 1
        }
    }

    /// Why a delivery waits although it is due.
    package enum DeferralReason: String, Sendable { case breaker, rate }

    func deferred(_ count: Int, because reason: DeferralReason) {
        state.withLock { $0.deferred[reason.rawValue, default: 0] += Int64(count) }
    }

    /// How many webhooks are left alone because they do not answer.
    func breakers(open count: Int) { state.withLock { $0.openBreakers = count } }

    /// How long each part of a request took.
    func took(_ phases: OutboundPhases) {
        let parts = [
            ("dns", phases.dns), ("connect", phases.connect), ("tls", phases.tls), ("ttfb", phases.ttfb),
            ("total", phases.total),
        ]
        state.withLock { state in
            for (name, milliseconds) in parts {
                guard let milliseconds else { continue }
                let present = state.phases[name] ?? (0, 0)
                state.phases[name] = (present.count + 1, present.seconds + milliseconds / 1000)
            }
        }
    }

    func lostLease() { state.withLock { $0.lostLeases += 1 } }

    /// The text exposition format of Prometheus.
    package var prometheusText: String {
        let now = state.withLock { $0 }
        var text = """
            # HELP audenci_webhook_attempts_total Attempts by outcome.
            # TYPE audenci_webhook_attempts_total counter

            """
        for (kind, count) in now.attempts.sorted(by: { $0.key < $1.key }) {
            text += "audenci_webhook_attempts_total{class=\"\(kind)\"} \(count)\n"
        }
        text += """
            # HELP audenci_webhook_delivery_latency_seconds From the event to the receiver's 2xx.
            # TYPE audenci_webhook_delivery_latency_seconds histogram

            """
        var sum: Int64 = 0
        for (boundary, count) in zip(Self.boundaries, now.buckets) {
            sum += count
            text += "audenci_webhook_delivery_latency_seconds_bucket{le=\"\(boundary)\"} \(sum)\n"
        }
        text += """
            audenci_webhook_delivery_latency_seconds_bucket{le="+Inf"} \(now.count)
            audenci_webhook_delivery_latency_seconds_sum \(now.sum)
            audenci_webhook_delivery_latency_seconds_count \(now.count)
            # HELP audenci_webhook_in_flight Attempts under way.
            # TYPE audenci_webhook_in_flight gauge
            audenci_webhook_in_flight \(now.inFlight)
            # HELP audenci_webhook_leases_lost_total Attempts whose claim another worker took over.
            # TYPE audenci_webhook_leases_lost_total counter
            audenci_webhook_leases_lost_total \(now.lostLeases)
            # HELP audenci_webhook_breakers_open Webhooks that are left alone because they do not answer.
            # TYPE audenci_webhook_breakers_open gauge
            audenci_webhook_breakers_open \(now.openBreakers)
            # HELP audenci_webhook_deferred_total Deliveries that waited although they were due.
            # TYPE audenci_webhook_deferred_total counter

            """
        for (reason, count) in now.deferred.sorted(by: { $0.key < $1.key }) {
            text += "audenci_webhook_deferred_total{reason=\"\(reason)\"} \(count)\n"
        }
        text += """
            # HELP audenci_webhook_phase_seconds How long each part of a request took.
            # TYPE audenci_webhook_phase_seconds summary

            """
        for (phase, figures) in now.phases.sorted(by: { $0.key < $1.key }) {
            text += "audenci_webhook_phase_seconds_sum{phase=\"\(phase)\"} \(figures.seconds)\n"
            text += "audenci_webhook_phase_seconds_count{phase=\"\(phase)\"} \(figures.count)\n"
        }
        return text
    }
}
