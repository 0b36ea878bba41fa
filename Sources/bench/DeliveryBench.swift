import Contract
import Core
import Delivery
import Features
import Foundation
import Logging
import Outbound
import Relational
import SQLiteEngine
import TestSupport

/// A dispatcher on a file of its own, and a TLS sink in the same process.
struct DeliveryBench: Sendable {
    let engine: SQLiteEngine
    let outbox: Outbox
    let client: GuardedClient
    let sink: TestReceiver
    let dispatcher: Dispatcher
    let organization: NewOrganization
    let secret: Secret
    let webhook: Webhook
    let folder: String
    let webhooks: WebhookStore
    let caller: Caller

    init(webhooks count: Int, wanting events: [String] = ["*"]) async throws {
        folder = FileManager.default.temporaryDirectory.path + "/bench-\(UUID().uuidString)"
        engine = try SQLiteEngine(path: folder + "/bench.sqlite")
        let ambient = Ambient.live
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        let box = SecretBox(masterKey: Secret("a master key for benchmarks"))
        outbox = Outbox(ambient: ambient)
        webhooks = WebhookStore(engine: engine, ambient: ambient, box: box)
        let deliveries = DeliveryStore(engine: engine, ambient: ambient, webhooks: webhooks, outbox: outbox)
        let keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        organization = try await OrganizationSetupStore(
            organizations: OrganizationStore(engine: engine, ambient: ambient),
            members: MemberStore(engine: engine, ambient: ambient),
            brands: BrandStore(engine: engine, ambient: ambient),
            accounts: AccountStore(engine: engine, ambient: ambient, box: box, outbox: outbox), keys: keys, platforms: []
        ).create(OrganizationOutline(name: "Bench", plan: .enterprise, brand: "Bench", email: "bench@acme.test"))
        sink = try await TestReceiver.start()
        client = try GuardedClient(
            policy: AddressPolicy(allow: try OutboundAllowList(sink.authority)), trust: sink.caFile, trustsSystem: false)
        caller = try await keys.authenticate(organization.apiKey)
        var last: NewWebhook?
        for number in 0..<count {
            last = try await webhooks.create(WebhookInput(), url: "\(sink.baseURL)/\(number)", events: events, for: caller)
        }
        guard let last else { throw CancellationError() }
        (webhook, secret) = (last.webhook, last.secret)
        dispatcher = Dispatcher(
            deliveries: deliveries, webhooks: webhooks,
            maker: AttemptMaker(
                deliveries: deliveries, client: client, schedule: .standard, sender: .init(userAgent: "bench", signer: nil),
                metrics: DeliveryMetrics()),
            wake: outbox.wake, logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Something happened: an event of the usual size, and its deliveries.
    @discardableResult
    func emit(_ event: any Event = PostPublished(Post.example)) async throws -> EventID {
        let id = try await engine.write { [outbox, organization] connection in
            try outbox.append(
                event, for: organization.organizationID, brand: organization.brandID, user: nil,
                on: connection)
        }
        outbox.wake.signal()
        return id
    }

    func dispatching(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await dispatcher.run() }
            try await body()
            group.cancelAll()
        }
    }

    func close() async {
        await client.shutdown(grace: .seconds(1))
        await sink.stop()
        await engine.close()
        try? FileManager.default.removeItem(atPath: folder)
    }
}

/// Deliveries a second through the dispatcher, beside a bare loop of the same client to the same sink.
enum Deliveries {
    static func run(webhooks: Int, events: Int) async throws {
        let bench = try await DeliveryBench(webhooks: webhooks)
        let total = events / webhooks * webhooks
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<32 {
                group.addTask { for _ in stride(from: worker, to: events / webhooks, by: 32) { try await bench.emit() } }
            }
            try await group.waitForAll()
        }
        let dispatched = try await timed {
            try await bench.dispatching { _ = try await bench.sink.waitForRequests(total, within: .seconds(120)) }
        }
        let body = Envelope(
            timestamp: Ambient.live.now(), organizationID: bench.organization.organizationID, brandID: nil, userID: nil
        ).bytes(of: PostPublished(Post.example))
        let bare = try await timed {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for worker in 0..<64 {
                    group.addTask {
                        for _ in stride(from: worker, to: total, by: 64) {
                            let request = OutboundRequest(
                                "POST", bench.webhook.url,
                                headers: [
                                    ("Content-Type", "application/json"),
                                    ("X-Audenci-Signature", Signature.audenci(body: body, secret: bench.secret)),
                                ], body: body)
                            _ = try await bench.client.send(request)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        await bench.close()
        report([("perSecond", Double(total) / dispatched), ("bare", Double(total) / bare), ("ratio", bare / dispatched)])
    }
}

/// From the commit of an event to its arrival, at a constant rate.
enum Latency {
    static func run(rate: Int, seconds: Int) async throws {
        try await measure(try await DeliveryBench(webhooks: 1), rate: rate, seconds: seconds)
    }

    /// The latency of the bench's own webhook, whatever else it has to do.
    static func measure(_ bench: DeliveryBench, rate: Int, seconds: Int) async throws {
        let count = rate * seconds
        let clock = ContinuousClock()
        let start = clock.now + .milliseconds(200)
        let committed = try await withThrowingTaskGroup(of: [(String, Instant)].self) { group in
            group.addTask {
                try await bench.dispatcher.run()
                return []
            }
            for number in 0..<count {
                group.addTask {
                    try await clock.sleep(until: start + .microseconds(number * 1_000_000 / rate))
                    let id = try await bench.emit()
                    return [(id.rawValue, Ambient.live.now())]
                }
            }
            group.addTask {
                let end = ContinuousClock.now + .seconds(seconds + 60)
                while bench.sink.requests.count(where: { $0.path == "/0" }) < count, ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(20))
                }
                return []
            }
            var times: [String: Instant] = [:]
            for _ in 0..<count + 1 { for (id, time) in try await group.next() ?? [] { times[id] = time } }
            group.cancelAll()
            return times
        }
        let latencies = bench.sink.requests.filter { $0.path == "/0" }.compactMap { request -> Double? in
            request.header("webhook-id").flatMap { committed[$0] }.map { Double((request.at - $0).inMilliseconds) }
        }.sorted()
        await bench.close()
        func percentile(_ part: Double) -> Double { latencies[min(Int(Double(latencies.count) * part), latencies.count - 1)] }
        report([
            ("events", Double(latencies.count)), ("p50", percentile(0.5)), ("p95", percentile(0.95)), ("p99", percentile(0.99)),
            ("max", percentile(1)),
        ])
    }
}
