import Core
import Features
import PayloadFormats
import Synchronization

/// The lanes of the webhooks that have claimed work, and who may have how much of the dispatcher.
///
/// Claims and slots are both limited, so one that hoards them starves the rest. No organization may have more of either
/// than are left over for everybody else: whoever comes next finds some, however many hang. Within an organization a
/// webhook gets its second slot only while the organization is far from its limit, so that each gets its first.
final class LaneTable: Sendable {
    private struct State {
        var lanes: [WebhookID: Lane] = [:]
        var active = 0
        var turn = 0
        /// Webhooks that are not sent to, for a reason of ours or because they do not answer, and until when nothing is
        /// claimed for them.
        var paused: [WebhookID: Instant] = [:]
        /// Of webhooks that fail or have a rate.
        var conduct: [WebhookID: Conduct] = [:]
        /// How many deliveries go into a request, of webhooks that want batches: so much is claimed at least.
        var batches: [WebhookID: Int] = [:]

        func held(by organization: OrganizationID) -> Int {
            lanes.values.reduce(0) { $1.organization == organization ? $0 + $1.held : $0 }
        }
        func active(of organization: OrganizationID) -> Int {
            lanes.values.reduce(0) { $1.organization == organization ? $0 + $1.active : $0 }
        }

        /// Keeps what is remembered bounded: what changes nothing goes, and batch sizes are learnt again.
        mutating func forget() {
            if conduct.count > LaneTable.rememberedConduct { conduct = conduct.filter { !$0.value.isForgettable } }
            if batches.count > LaneTable.rememberedConduct { batches = [:] }
        }

        /// Gives a webhook the rate it is to have: its own, or what its service allows.
        mutating func learnPace(of webhook: Webhook, now: Instant) {
            let options = webhook.options
            if options.batchSize > 1 || batches[webhook.id] != nil { batches[webhook.id] = options.batchSize }
            let service = options.format == .audenci ? nil : PayloadRenderer.rate(options.format)
            let configured = options.ratePerSecond ?? service?.perSecond
            guard configured != nil || conduct[webhook.id] != nil else { return }
            guard conduct[webhook.id]?.pace.configured != configured else { return }
            let burst = options.ratePerSecond == nil ? service?.burst : nil
            conduct[webhook.id, default: Conduct(pace: Pace(configured: nil, now: now))].pace = Pace(
                configured: configured, burst: burst, now: now)
        }
    }
    private let state = Mutex(State())
    private let limits: DispatcherLimits

    init(_ limits: DispatcherLimits) { self.limits = limits }

    /// How many more deliveries each webhook may claim. The order turns from call to call, so that the end of what there is
    /// does not always hit the same ones.
    func shares(for due: [DeliveryStore.OpenWork], now: Instant) -> [(webhook: WebhookID, limit: Int)] {
        state.withLock { state in
            state.turn &+= 1
            state.lanes = state.lanes.filter { $0.value.held > 0 }
            state.paused = state.paused.filter { $0.value > now }
            state.forget()
            let due = due.filter { state.paused[$0.webhook] == nil }
            guard !due.isEmpty else { return [] }
            let start = state.turn % due.count
            var room = limits.claims - state.lanes.values.reduce(0) { $0 + $1.held }
            var organizations: [OrganizationID: Int] = [:]
            var shares: [(webhook: WebhookID, limit: Int)] = []
            for work in due[start...] + due[..<start] where room > 0 {
                let held = organizations[work.organization] ?? state.held(by: work.organization)
                var wanted =
                    state.lanes[work.webhook]?.want(now, limits) ?? max(limits.perWebhook, state.batches[work.webhook] ?? 1)
                if state.conduct[work.webhook]?.breaker.state != .closed, state.conduct[work.webhook] != nil {
                    // One attempt decides whether it is back.
                    state.conduct[work.webhook]?.breaker.wake(now)
                    wanted = state.lanes[work.webhook].map { $0.held == 0 } ?? true ? 1 : 0
                }
                let share = min(wanted, room - held)
                guard share > 0 else { continue }
                shares.append((work.webhook, share))
                organizations[work.organization] = held + share
                room -= share
            }
            return shares
        }
    }

    /// Fills the lanes.
    /// - Returns: the work of webhooks that have been paused since it was claimed: it is given back.
    func add(_ work: [Lane.Work]) -> [Delivery] {
        state.withLock { state in
            var refused: [Delivery] = []
            for item in work {
                let id = item.delivery.webhookID
                if let end = state.paused[id], end > item.claimedAt {
                    refused.append(item.delivery)
                    continue
                }
                state.lanes[
                    id,
                    default: Lane(
                        organization: item.delivery.organizationID, concurrency: limits.perWebhook,
                        allowance: limits.perWebhook, now: item.claimedAt)
                ].add(item)
                state.learnPace(of: item.target.webhook, now: item.claimedAt)
            }
            return refused
        }
    }

    /// One entry for each worker to start now, each of which has to end with ``workerEnded(_:)``: one for every lane
    /// before any lane gets a second.
    func startable(_ now: Instant) -> [WebhookID] {
        state.withLock { state in
            var started: [WebhookID] = []
            var candidates = state.lanes.filter { $0.value.waitingCount > 0 && $0.value.restsUntil ?? now <= now }.map(\.key)
            var organizations: [OrganizationID: Int] = [:]
            while !candidates.isEmpty, state.active < limits.total {
                candidates = candidates.filter { id in
                    guard let lane = state.lanes[id] else { return false }
                    // Workers that have just been started have not taken their work yet.
                    let idle = started.reduce(0) { $1 == id ? $0 + 1 : $0 }
                    let inUse = organizations[lane.organization] ?? state.active(of: lane.organization)
                    let free = limits.total - state.active
                    guard lane.active < lane.concurrency, lane.waitingCount > idle,
                        inUse < (lane.active == 0 ? free : free / 3)
                    else { return false }
                    state.lanes[id]?.beginWorker()
                    organizations[lane.organization] = inUse + 1
                    state.active += 1
                    started.append(id)
                    return true
                }
            }
            return started
        }
    }

    /// The work of the lane's next request, and whether it is time to claim more; nil when none waits or the webhook's rate
    /// is used up.
    func next(_ webhook: WebhookID, _ now: Instant) -> (work: [Lane.Work], isLow: Bool)? {
        state.withLock { state in
            guard let lane = state.lanes[webhook], lane.waitingCount > 0 else { return nil }
            if let later = state.conduct[webhook]?.pace.take(now) {
                state.lanes[webhook]?.restsUntil = later
                return nil
            }
            let wasLow = lane.isLow
            guard let work = state.lanes[webhook]?.next(), !work.isEmpty else { return nil }
            return (Array(work), !wasLow && state.lanes[webhook]?.isLow == true)
        }
    }

    /// When the first lane that rests may go on; nil when none rests.
    func nextStart(_ now: Instant) -> Instant? {
        state.withLock { state in
            state.lanes.values.filter { $0.waitingCount > 0 }.compactMap(\.restsUntil).filter { $0 > now }.min()
        }
    }

    /// Learns from an attempt.
    /// - Returns: what waited in the lane of a webhook that is now left alone for a while.
    func report(_ report: AttemptReport, of webhook: Webhook, _ now: Instant) -> [Delivery] {
        state.withLock { state in
            let id = webhook.id
            if report.isSuccess {
                guard state.conduct[id] != nil else { return [] }
                state.conduct[id]?.breaker.succeed(now)
                if state.conduct[id]?.isForgettable == true { state.conduct[id] = nil }
                return []
            }
            var conduct = state.conduct[id] ?? Conduct(pace: Pace(configured: nil, now: now))
            if report.asksForLess {
                // At least what its slots could do: one refusal must not slow a webhook that was merely quiet to a trickle.
                let present = max(state.lanes[id]?.rate(now) ?? 0, Double(webhook.options.concurrency))
                conduct.pace.halve(present: present, now)
            }
            let rest = conduct.breaker.fail(now)
            state.conduct[id] = conduct
            guard let rest else { return [] }
            state.paused[id] = rest
            return state.lanes[id]?.drain() ?? []
        }
    }

    /// How many breakers are open, for metrics.
    var openBreakers: Int { state.withLock { $0.conduct.values.reduce(0) { $1.breaker.state == .closed ? $0 : $0 + 1 } } }

    fileprivate static let rememberedConduct = 10_000

    func workerEnded(_ webhook: WebhookID) {
        state.withLock { state in
            state.lanes[webhook]?.endWorker()
            state.active -= 1
        }
    }

    /// Claims nothing more for a webhook until then.
    func pause(_ webhook: WebhookID, until end: Instant) { state.withLock { $0.paused[webhook] = end } }

    /// Everything of one webhook that has not begun.
    func drain(_ webhook: WebhookID) -> [Delivery] { state.withLock { $0.lanes[webhook]?.drain() ?? [] } }

    /// Everything that has not begun.
    func drain() -> [Delivery] {
        state.withLock { state in
            var all: [Delivery] = []
            for id in Array(state.lanes.keys) { all += state.lanes[id]?.drain() ?? [] }
            return all
        }
    }
}
