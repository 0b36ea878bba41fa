import Core
import Features
import Relational
import SQLiteEngine
import TestSupport

/// What one webhook suffers when another misbehaves: its latency at 50 events a second.
enum Fairness {
    /// Another one hangs until its deadline, with 10,000 events queued for it.
    static func hanging() async throws {
        let bench = try await DeliveryBench(webhooks: 1, wanting: ["post.published"])
        bench.sink.answer("/hang", with: .hang)
        try await queue(10_000, for: "/hang", on: bench)
        try await Latency.measure(bench, rate: 50, seconds: 20)
    }

    /// Another one has 20,000 retries that are all due now.
    static func retryStorm() async throws {
        let bench = try await DeliveryBench(webhooks: 1, wanting: ["post.published"])
        try await queue(20_000, for: "/storm", on: bench)
        _ = try await bench.engine.write { connection in
            try connection.execute("UPDATE delivery SET state = 'retrying', attempts = 1, auto_attempts = 1")
        }
        try await Latency.measure(bench, rate: 50, seconds: 10)
    }

    private static func queue(_ count: Int, for path: String, on bench: DeliveryBench) async throws {
        _ = try await bench.webhooks.create(
            WebhookInput(), url: bench.sink.baseURL + path, events: ["post.failed"], for: bench.caller)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<64 {
                group.addTask {
                    for _ in stride(from: worker, to: count, by: 64) { try await bench.emit(PostFailed(Post.example)) }
                }
            }
            try await group.waitForAll()
        }
    }
}
