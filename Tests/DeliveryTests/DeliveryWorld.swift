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

/// What deliveries need, on a real SQLite file, with a clock that moves only when told.
///
/// Suites that make worlds are serialized: with hundreds of databases open at once the process has so many descriptors
/// that Foundation's `Process.run`, which lists them, reads beyond its buffer and crashes (Swift 6.3.1, at some 1,360).
struct DeliveryWorld: Sendable {
    let engine: SQLiteEngine
    let ambient: Ambient
    let clock: FixedClock
    let outbox: Outbox
    let webhooks: WebhookStore
    let deliveries: DeliveryStore
    let organization: NewOrganization
    let caller: Caller

    init() async throws {
        (ambient, clock) = Ambient.fixed()
        let path = FileManager.default.temporaryDirectory.path + "/audenci-delivery-\(UUID().uuidString)/test.sqlite"
        engine = try SQLiteEngine(path: path, readers: 2)
        _ = try await Migrator(FeatureList.migrations + FeatureList.laterMigrations).run(on: engine, now: ambient.now)
        let box = SecretBox(masterKey: Secret("a master key for tests"))
        outbox = Outbox(ambient: ambient)
        webhooks = WebhookStore(engine: engine, ambient: ambient, box: box)
        deliveries = DeliveryStore(engine: engine, ambient: ambient, webhooks: webhooks, outbox: outbox)
        let keys = KeyStore(engine: engine, ambient: ambient, outbox: outbox)
        organization = try await OrganizationSetupStore(
            organizations: OrganizationStore(engine: engine, ambient: ambient),
            members: MemberStore(engine: engine, ambient: ambient),
            brands: BrandStore(engine: engine, ambient: ambient),
            accounts: AccountStore(engine: engine, ambient: ambient, box: box, outbox: outbox), keys: keys, platforms: []
        ).create(OrganizationOutline(name: "Acme", plan: .enterprise, brand: "Acme", email: "owner@acme.test"))
        caller = try await keys.authenticate(organization.apiKey)
    }

    @discardableResult
    func webhook(
        _ url: String = "https://receiver.example/hook", events: [String] = ["*", "webhook.test"], enabled: Bool = true,
        timeout: Int = 5,
        schedule: [Duration]? = nil
    ) async throws -> NewWebhook {
        var input = WebhookInput()
        input.isEnabled = enabled
        input.timeoutSeconds = timeout
        if let schedule {
            var retry = RetryInput()
            retry.given = RetrySchedule(delays: schedule)
            input.retry = .set(retry)
        }
        return try await webhooks.create(input, url: url, events: events, for: caller)
    }

    /// Something happened.
    @discardableResult
    func emit(_ event: some Event = WebhookTest(webhookID: ID("w"))) async throws -> EventID {
        let id = try await engine.write { [outbox, organization] connection in
            try outbox.append(event, for: organization.organizationID, brand: organization.brandID, user: nil, on: connection)
        }
        outbox.wake.signal()
        return id
    }

    /// The same happened `count` times, in one transaction.
    func emit(count: Int) async throws {
        try await engine.write { [outbox, organization] connection in
            for _ in 0..<count {
                try outbox.append(
                    WebhookTest(webhookID: ID("w")), for: organization.organizationID, brand: organization.brandID, user: nil,
                    on: connection)
            }
        }
        outbox.wake.signal()
    }

    /// The webhook's last hundred deliveries, oldest first; those of a webhook that was deleted too.
    func log(of webhook: NewWebhook) async throws -> [Delivery] {
        try await deliveries.list(
            of: webhook.webhook.id, DeliveryFilter(), in: organization.organizationID, page: PageRequest(limit: 100)
        ).items.reversed()
    }

    /// A client that may reach these receivers and trusts nobody but the test authority.
    func client(_ receivers: TestReceiver..., limits: OutboundLimits = .init()) throws -> GuardedClient {
        try client(allowing: receivers.map(\.authority).joined(separator: ","), limits: limits)
    }

    func client(allowing allow: String, limits: OutboundLimits = .init()) throws -> GuardedClient {
        try GuardedClient(
            policy: AddressPolicy(allow: try OutboundAllowList(allow)), trust: TestAuthority.shared.file, trustsSystem: false,
            limits: limits)
    }

    /// How many deliveries are in each state.
    func states(of webhook: NewWebhook) async throws -> [Delivery.State: Int] {
        let rows = try await engine.read { connection in
            try connection.query("SELECT state, count(*) FROM delivery WHERE webhook_id = \(webhook.webhook.id) GROUP BY state")
            {
                (try $0.value(0, Delivery.State.self), Int($0.int(1)))
            }
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Waits until how many deliveries are in which state satisfies `condition`; gives up after a minute.
    @discardableResult
    func untilStates(
        of webhook: NewWebhook, _ condition: ([Delivery.State: Int]) -> Bool
    ) async throws -> [Delivery.State: Int] {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let states = try await states(of: webhook)
            if condition(states) || ContinuousClock.now > end { return states }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    func attempts(of delivery: Delivery) async throws -> [Attempt] {
        try await deliveries.attempts(of: delivery.id, for: caller, page: PageRequest(limit: 100)).items
    }

    func maker(_ client: any Transport) -> AttemptMaker {
        AttemptMaker(
            deliveries: deliveries, client: client, schedule: RetrySchedule(delays: [.seconds(5), .seconds(30)]),
            sender: .init(userAgent: "Audenci-Webhooks/test", signer: nil), metrics: DeliveryMetrics())
    }

    func dispatcher(_ client: any Transport, limits: DispatcherLimits = DispatcherLimits()) -> Dispatcher {
        Dispatcher(
            deliveries: deliveries, webhooks: webhooks, maker: maker(client), wake: outbox.wake, limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs a dispatcher while `body` runs.
    func dispatching(
        _ client: any Transport, limits: DispatcherLimits = DispatcherLimits(),
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let dispatcher = dispatcher(client, limits: limits)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await dispatcher.run() }
            try await body()
            group.cancelAll()
        }
    }

    /// The webhook's oldest delivery, once it satisfies `condition`; fails after a minute.
    ///
    /// A closure inside `#require(...)` may run as another one of the same test (Swift 6.3.1), so that what it waits for is
    /// not what is written there; hence this, which needs no macro around it.
    func delivery(of webhook: NewWebhook, once condition: (Delivery) -> Bool) async throws -> Delivery {
        let log = try await until(webhook) { $0.first.map(condition) ?? false }
        guard let delivery = log.first, condition(delivery) else { throw NotInTime(states: log.map(\.state)) }
        return delivery
    }

    struct NotInTime: Error {
        let states: [Delivery.State]
    }

    /// Waits until the log satisfies `condition`; gives up after a minute.
    func until(_ webhook: NewWebhook, _ condition: ([Delivery]) -> Bool) async throws -> [Delivery] {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let log = try await log(of: webhook)
            if condition(log) || ContinuousClock.now > end { return log }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
