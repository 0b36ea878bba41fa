package import Core
package import Features
package import Logging
import ServiceLifecycle
import Synchronization

/// Sends what is due to the webhooks that want it.
///
/// Every webhook has a lane with slots of its own; each round gives every webhook with due work its share before any
/// gets more. Claims are leases with a token, so that a crash or a second dispatcher neither loses a delivery nor writes
/// over another's result. Woken by every commit with an event in it, and exactly when the next retry is due.
package struct Dispatcher: Service {
    private let deliveries: DeliveryStore
    private let webhooks: WebhookStore
    private let maker: AttemptMaker
    private let wake: WakeSignal
    private let limits: DispatcherLimits
    private let logger: Logger
    private let lanes: LaneTable
    private let opened = WebhookCache()

    package init(
        deliveries: DeliveryStore, webhooks: WebhookStore, maker: AttemptMaker, wake: WakeSignal,
        limits: DispatcherLimits = DispatcherLimits(), logger: Logger
    ) {
        self.deliveries = deliveries
        self.webhooks = webhooks
        self.maker = maker
        self.wake = wake
        self.limits = limits
        lanes = LaneTable(perWebhook: limits.perWebhook)
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    var pause = Duration.seconds(1)
                    do {
                        pause = try await round(&group)
                    } catch is CancellationError {
                        break
                    } catch {
                        logger.error("deliveries could not be claimed; trying again", metadata: ["error": "\(error)"])
                    }
                    if pause > .zero { await wake.wait(atMost: pause) }
                }
            }
        }
        let rest = lanes.drain()
        if !rest.isEmpty { try await deliveries.release(rest) }
    }

    /// Claims what is due and has room, and starts workers for it. Returns how long nothing will be due.
    private func round(_ group: inout DiscardingTaskGroup) async throws -> Duration {
        let work = try await deliveries.openWork()
        let now = deliveries.ambient.now()
        let due = work.filter { $0.due <= now }.map(\.webhook)
        let shares = lanes.shares(for: due, limits)
        if !shares.isEmpty {
            let claimed = try await deliveries.claim(shares, lease: limits.lease)
            try await enqueue(claimed, claimedAt: now)
        }
        startWorkers(&group)
        if !shares.isEmpty { return .zero }
        let next = work.lazy.map(\.due).filter { $0 > now }.min()
        return min(next.map { max($0 - now, .milliseconds(1)) } ?? .seconds(1), .seconds(1))
    }

    private func enqueue(_ claimed: [Delivery], claimedAt: Instant) async throws {
        guard !claimed.isEmpty else { return }
        let material = try await deliveries.material(for: claimed)
        for delivery in claimed {
            guard let sealed = material.webhooks[delivery.webhookID], let body = material.bodies[delivery.eventID] else {
                try await settle(delivery, as: .cancelled)
                continue
            }
            guard sealed.webhook.isEnabled || delivery.trigger == .test else {
                try await settle(delivery, as: .held)
                continue
            }
            let (webhook, secret) = try opened.open(sealed, with: webhooks)
            let latest = claimedAt + limits.lease - .seconds(webhook.timeoutSeconds + 5)
            lanes.add(
                Lane.Work(
                    delivery: delivery, target: AttemptMaker.Target(webhook: webhook, secret: secret, body: Array(body.utf8)),
                    beginBefore: latest))
        }
    }

    private func settle(_ delivery: Delivery, as state: Delivery.State) async throws {
        var settled = delivery
        settled.state = state
        settled.wakeAt = nil
        _ = try await deliveries.record(nil, of: settled)
    }

    private func startWorkers(_ group: inout DiscardingTaskGroup) {
        for lane in lanes.startable(limits) {
            group.addTask {
                await work(in: lane)
                lanes.workerEnded(lane)
                wake.signal()
            }
        }
    }

    /// Works through a lane: until it is empty, or so much was done that others deserve the slot.
    private func work(in lane: Lane) async {
        for _ in 0..<limits.itemsPerTurn {
            if Task.isCancelled { return }
            guard let work = lane.next() else { return }
            if lane.held == limits.lowWater { wake.signal() }
            guard deliveries.ambient.now() < work.beginBefore else { continue }
            // An attempt that has begun is finished and recorded even when the service stops.
            await Task { await attempt(work) }.value
        }
    }

    private func attempt(_ work: Lane.Work) async {
        do {
            try await maker.make(work.delivery, to: work.target)
        } catch {
            logger.error(
                "an attempt could not be recorded; the delivery is sent again when its lease has run out",
                metadata: ["delivery": "\(work.delivery.id)", "error": "\(error)"])
        }
    }
}
