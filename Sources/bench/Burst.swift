import Core
import Features
import Foundation
import TestSupport

/// Many events at once: how long until all have arrived, whether each did, and how much memory that took.
enum Burst {
    static func run(events: Int) async throws {
        let bench = try await DeliveryBench(webhooks: 1)
        let before = residentMegabytes()
        var ids: Set<String> = []
        try await withThrowingTaskGroup(of: [String].self) { group in
            for worker in 0..<64 {
                group.addTask {
                    var made: [String] = []
                    for _ in stride(from: worker, to: events, by: 64) { made.append(try await bench.emit().rawValue) }
                    return made
                }
            }
            for try await made in group { ids.formUnion(made) }
        }
        let pending = residentMegabytes()
        let seconds = try await timed {
            try await bench.dispatching { _ = try await bench.sink.waitForRequests(events, within: .seconds(280)) }
        }
        // Each event by its id, not by count.
        let arrived = Set(bench.sink.requests.compactMap { $0.header("webhook-id") })
        let missing = ids.subtracting(arrived).count
        await bench.close()
        report([
            ("events", Double(ids.count)), ("missing", Double(missing)), ("seconds", seconds),
            ("perSecond", Double(events) / seconds), ("memoryPendingMB", pending - before),
        ])
    }

    /// Memory with so many deliveries waiting and a dispatcher at work that gets nowhere, for the receiver hangs.
    static func pending(events: Int) async throws {
        let bench = try await DeliveryBench(webhooks: 1)
        bench.sink.answer(with: .hang)
        let before = residentMegabytes()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<64 {
                group.addTask { for _ in stride(from: worker, to: events, by: 64) { try await bench.emit() } }
            }
            try await group.waitForAll()
        }
        try await bench.dispatching { try await Task.sleep(for: .seconds(5)) }
        let after = residentMegabytes()
        await bench.close()
        report([("events", Double(events)), ("memoryMB", after), ("moreMB", after - before)])
    }
}

/// The sink of the other benchmarks by itself, for other people's senders: prints its URL and its authority's file, and
/// serves until its input ends.
enum Sink {
    static func serve() async throws {
        let sink = try await TestReceiver.start()
        try FileHandle.standardOutput.write(contentsOf: Data("\(sink.baseURL)/hook \(sink.caFile)\n".utf8))
        while readLine() != nil {}
        await sink.stop()
    }
}
