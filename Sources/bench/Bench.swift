import Foundation

/// The Swift side of `script/bench`: baselines, and measurements that need the inside. Prints one JSON line each.
@main
struct Bench {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        switch arguments.first {
        case "bare": try await BareRoute.serve()
        case "commits": try await BareCommits.run(seconds: 4)
        case "deliveries": try await Deliveries.run(webhooks: Int(arguments.dropFirst().first ?? "") ?? 8, events: 8000)
        case "latency": try await Latency.run(rate: Int(arguments.dropFirst().first ?? "") ?? 200, seconds: 15)
        case "burst": try await Burst.run(events: Int(arguments.dropFirst().first ?? "") ?? 50_000)
        case "hanging": try await Fairness.hanging()
        case "storm": try await Fairness.retryStorm()
        case "pending": try await Burst.pending(events: Int(arguments.dropFirst().first ?? "") ?? 1_000_000)
        case "analytics": try await AnalyticsBench.run(snapshots: Int(arguments.dropFirst().first ?? "") ?? 1_000_000)
        case "sink": try await Sink.serve()
        default:
            print(
                "bench bare | commits | deliveries WEBHOOKS | latency RATE | burst EVENTS | pending EVENTS | hanging | storm | analytics SNAPSHOTS | sink"
            )
        }
    }
}

/// One line of results.
func report(_ pairs: [(String, Double)]) {
    let fields = pairs.map { "\"\($0.0)\":\(($0.1 * 1000).rounded() / 1000)" }
    print("{\(fields.joined(separator: ","))}")
}

/// Seconds that `work` takes.
func timed(_ work: () async throws -> Void) async rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try await work()
    let duration = clock.now - start
    return Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
}

/// This process's memory now.
func residentMegabytes() -> Double {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") } ?? ""
    return (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
}
