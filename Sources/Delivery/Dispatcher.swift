package import Core
package import Features
package import Logging
import PayloadFormats
import ServiceLifecycle
import Synchronization

/// Sends what is due to the webhooks that want it.
///
/// Every webhook has a lane with slots of its own; each round gives every webhook with due work its share before any
/// gets more, and ``LaneTable`` keeps some of everything free for whoever comes next. Claims are leases with a token, so
/// that a crash or a second dispatcher neither loses a delivery nor writes over another's result. Woken by every commit
/// with an event in it, and exactly when the next retry is due.
///
/// On graceful shutdown nothing more is claimed, attempts under way are finished and recorded (30 s at most, which is the
/// longest time-out of a webhook), and what has not begun is given back.
package struct Dispatcher: Service {
    private let deliveries: DeliveryStore
    private let webhooks: WebhookStore
    private let maker: AttemptMaker
    private let wake: WakeSignal
    private let limits: DispatcherLimits
    private let logger: Logger
    private let lanes: LaneTable
    private let opened = WebhookCache()

    /// - Parameter wake: ``Outbox/wake`` of the outbox whose events are delivered.
    package init(
        deliveries: DeliveryStore, webhooks: WebhookStore, maker: AttemptMaker, wake: WakeSignal,
        limits: DispatcherLimits = DispatcherLimits(), logger: Logger
    ) {
        self.deliveries = deliveries
        self.webhooks = webhooks
        self.maker = maker
        self.wake = wake
        self.limits = limits
        lanes = LaneTable(limits)
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
        try await deliveries.release(lanes.drain())
    }

    /// Claims what is due and has room, and starts workers for it. Returns how long nothing will be due.
    private func round(_ group: inout DiscardingTaskGroup) async throws -> Duration {
        let work = try await deliveries.openWork()
        let now = deliveries.ambient.now()
        let shares = lanes.shares(for: work.filter { $0.due <= now }, now: now)
        var claimed: [Delivery] = []
        if !shares.isEmpty {
            claimed = try await deliveries.claim(shares, lease: limits.lease)
            do {
                try await enqueue(claimed, claimedAt: now)
            } catch {
                try await deliveries.release(claimed)
                throw error
            }
        }
        for webhook in lanes.startable(now) {
            group.addTask {
                await self.work(through: webhook)
                lanes.workerEnded(webhook)
                wake.signal()
            }
        }
        // There may be more where that came from.
        if !claimed.isEmpty { return .zero }
        let rest = lanes.nextStart(now)
        let next = (work.map(\.due) + (rest.map { [$0] } ?? [])).lazy.filter { $0 > now }.min()
        return min(next.map { max($0 - now, .milliseconds(1)) } ?? .seconds(1), .seconds(1))
    }

    private func enqueue(_ claimed: [Delivery], claimedAt: Instant) async throws {
        guard !claimed.isEmpty else { return }
        let material = try await deliveries.material(for: claimed)
        var ready: [Lane.Work] = []
        var settled: [Delivery] = []
        var refused: [WebhookID: [Delivery]] = [:]
        for delivery in claimed {
            let sealed = material.webhooks[delivery.webhookID]
            guard let event = material.events[delivery.eventID],
                let sealed = deliverable(delivery, to: sealed, settled: &settled)
            else { continue }
            do {
                let (webhook, secrets) = try opened.open(sealed, with: webhooks)
                let outgoing = OutgoingEvent(
                    eventID: delivery.eventID.rawValue, type: delivery.event, body: event.body,
                    isTest: event.isTest || delivery.trigger == .test, publicURL: maker.publicURL)
                ready.append(
                    Lane.Work(
                        delivery: delivery,
                        target: AttemptMaker.Target(webhook: webhook, secrets: secrets, events: [outgoing]),
                        claimedAt: claimedAt,
                        beginBefore: claimedAt + limits.lease - .seconds(webhook.timeoutSeconds + 5)))
            } catch {
                if refused[delivery.webhookID] == nil { reportUnopenable(delivery.webhookID, error) }
                refused[delivery.webhookID, default: []].append(delivery)
            }
        }
        for webhook in refused.keys { lanes.pause(webhook, until: claimedAt + limits.pause) }
        try await deliveries.settle(settled)
        try await deliveries.release(refused.values.flatMap(\.self))
        // Last: when one of these fails everything claimed is given back, and what is in a lane would be sent twice.
        try await deliveries.release(lanes.add(ready))
    }

    /// The webhook to send to; nil after adding what becomes of the delivery instead: without a webhook it is cancelled,
    /// with one that is disabled it is held. Tests go to disabled webhooks too.
    private func deliverable(
        _ delivery: Delivery, to sealed: WebhookStore.SealedWebhook?, settled: inout [Delivery]
    ) -> WebhookStore.SealedWebhook? {
        if let sealed, sealed.webhook.isEnabled || delivery.trigger == .test { return sealed }
        var done = delivery
        done.state = sealed == nil ? .cancelled : .held
        done.wakeAt = nil
        settled.append(done)
        return nil
    }

    /// Works through a lane: until it is empty, or so much was done that others deserve the slot.
    private func work(through webhook: WebhookID) async {
        for _ in 0..<limits.itemsPerTurn {
            if Task.isCancelled { return }
            guard let (work, isLow) = lanes.next(webhook, deliveries.ambient.now()) else { return }
            if isLow { wake.signal() }
            // An attempt that has begun is finished and recorded even when the service stops.
            await Task { await attempt(work) }.value
        }
    }

    private func attempt(_ work: [Lane.Work]) async {
        do {
            let now = deliveries.ambient.now()
            let late = work.filter { now >= $0.beginBefore }
            if !late.isEmpty { try await deliveries.release(late.map(\.delivery)) }
            var fresh: [Lane.Work] = []
            for item in work where now < item.beginBefore {
                if let item = try await refreshed(item) { fresh.append(item) }
            }
            guard let last = fresh.last else { return }
            var target = last.target
            target.events = fresh.flatMap(\.target.events)
            guard let made = try await maker.make(fresh.map(\.delivery), to: target) else { return }
            try await learn(from: made.outcome, of: target.webhook)
        } catch {
            logger.error(
                "an attempt could not be recorded; the delivery is sent again when its lease has run out",
                metadata: ["delivery": "\(work.first?.delivery.id.rawValue ?? "")", "error": "\(error)"])
        }
    }

    /// Gives back what waits in the lane of a webhook that is gone or does not answer: it is claimed again when it can be
    /// sent, or held, and no attempt of it is spent.
    private func learn(from outcome: AttemptOutcome, of webhook: Webhook) async throws {
        let report = AttemptReport(isSuccess: outcome.verdict == .delivered, asksForLess: outcome.asksForLess)
        var back = lanes.report(report, of: webhook, deliveries.ambient.now())
        if !back.isEmpty { maker.metrics.deferred(back.count, because: .breaker) }
        if !report.isSuccess || webhook.health != nil { maker.metrics.breakers(open: lanes.openBreakers) }
        if outcome.verdict == .gone { back += lanes.drain(webhook.id) }
        try await deliveries.release(back)
    }

    /// The work with its webhook as it is now; nil when it must not be sent any more.
    private func refreshed(_ work: Lane.Work) async throws -> Lane.Work? {
        let delivery = work.delivery
        guard deliveries.ambient.now() - work.claimedAt > limits.freshness else { return work }
        let sealed = try await webhooks.sealed(delivery.webhookID, in: delivery.organizationID)
        var settled: [Delivery] = []
        guard let sealed = deliverable(delivery, to: sealed, settled: &settled) else {
            try await deliveries.settle(settled)
            return nil
        }
        var fresh = work
        (fresh.target.webhook, fresh.target.secrets) = try opened.open(sealed, with: webhooks)
        return fresh
    }

    private func reportUnopenable(_ webhook: WebhookID, _ error: any Error) {
        logger.error(
            "a webhook's secret cannot be opened; its deliveries wait, and no attempt of theirs is spent",
            metadata: ["webhook": "\(webhook)", "error": "\(error)"])
    }
}
