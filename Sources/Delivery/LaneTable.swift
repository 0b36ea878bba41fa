import Core
import Features
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
        /// Webhooks that cannot be sent to, for a reason of ours, and until when nothing is claimed for them.
        var paused: [WebhookID: Instant] = [:]

        func held(by organization: OrganizationID) -> Int {
            lanes.values.reduce(0) { $1.organization == organization ? $0 + $1.held : $0 }
        }
        func active(of organization: OrganizationID) -> Int {
            lanes.values.reduce(0) { $1.organization == organization ? $0 + $1.active : $0 }
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
            let due = due.filter { state.paused[$0.webhook] == nil }
            guard !due.isEmpty else { return [] }
            let start = state.turn % due.count
            var room = limits.claims - state.lanes.values.reduce(0) { $0 + $1.held }
            var organizations: [OrganizationID: Int] = [:]
            var shares: [(webhook: WebhookID, limit: Int)] = []
            for work in due[start...] + due[..<start] where room > 0 {
                let held = organizations[work.organization] ?? state.held(by: work.organization)
                let wanted = state.lanes[work.webhook]?.want(now, limits) ?? limits.perWebhook
                let share = min(wanted, room - held)
                guard share > 0 else { continue }
                shares.append((work.webhook, share))
                organizations[work.organization] = held + share
                room -= share
            }
            return shares
        }
    }

    func add(_ work: [Lane.Work]) {
        state.withLock { state in
            for item in work {
                let id = item.delivery.webhookID
                state.lanes[
                    id,
                    default: Lane(
                        organization: item.delivery.organizationID, allowance: limits.perWebhook, now: item.claimedAt)
                ].add(item)
            }
        }
    }

    /// One entry for each worker to start now, each of which has to end with ``workerEnded(_:)``: one for every lane
    /// before any lane gets a second.
    func startable() -> [WebhookID] {
        state.withLock { state in
            var started: [WebhookID] = []
            var candidates = state.lanes.filter { $0.value.waitingCount > 0 }.map(\.key)
            var organizations: [OrganizationID: Int] = [:]
            while !candidates.isEmpty, state.active < limits.total {
                candidates = candidates.filter { id in
                    guard let lane = state.lanes[id] else { return false }
                    // Workers that have just been started have not taken their work yet.
                    let idle = started.reduce(0) { $1 == id ? $0 + 1 : $0 }
                    let inUse = organizations[lane.organization] ?? state.active(of: lane.organization)
                    let free = limits.total - state.active
                    guard lane.active < limits.perWebhook, lane.waitingCount > idle,
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

    /// The lane's next piece of work, and whether it is time to claim more; nil when none waits.
    func next(_ webhook: WebhookID) -> (work: Lane.Work, isLow: Bool)? {
        state.withLock { state in
            guard let wasLow = state.lanes[webhook]?.isLow, let work = state.lanes[webhook]?.next() else { return nil }
            return (work, !wasLow && state.lanes[webhook]?.isLow == true)
        }
    }

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
