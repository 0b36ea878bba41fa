import Core
import Features
import Synchronization

/// The lanes of the webhooks that have claimed work.
final class LaneTable: Sendable {
    private struct State {
        var lanes: [WebhookID: Lane] = [:]
        var active = 0
        var turn = 0
    }
    private let state = Mutex(State())
    private let perWebhook: Int

    init(perWebhook: Int) { self.perWebhook = perWebhook }

    /// How many more deliveries each webhook may claim; webhooks whose lane is well filled get none. The order turns from
    /// call to call, so that the total's end does not always hit the same ones.
    func shares(for due: [WebhookID], _ limits: DispatcherLimits) -> [(webhook: WebhookID, limit: Int)] {
        state.withLock { state in
            state.turn += 1
            state.lanes = state.lanes.filter { $0.value.held > 0 }
            guard !due.isEmpty else { return [] }
            let start = state.turn % due.count
            var room = limits.total * 4 - state.lanes.values.reduce(0) { $0 + $1.held }
            var shares: [(webhook: WebhookID, limit: Int)] = []
            for webhook in due[start...] + due[..<start] where room > 0 {
                let held = state.lanes[webhook]?.held ?? 0
                guard held <= limits.lowWater else { continue }
                let share = min(limits.heldPerWebhook - held, room)
                guard share > 0 else { continue }
                shares.append((webhook, share))
                room -= share
            }
            return shares
        }
    }

    func add(_ work: Lane.Work) {
        state.withLock { state in
            let id = work.delivery.webhookID
            let lane = state.lanes[id] ?? Lane(concurrency: perWebhook)
            state.lanes[id] = lane
            lane.add(work)
        }
    }

    /// One entry for each worker to start now: one for every lane before any lane gets a second.
    func startable(_ limits: DispatcherLimits) -> [Lane] {
        state.withLock { state in
            var started: [Lane] = []
            var candidates = Array(state.lanes.values)
            while !candidates.isEmpty, state.active < limits.total {
                candidates = candidates.filter { lane in
                    guard state.active < limits.total, lane.beginWorker() else { return false }
                    state.active += 1
                    started.append(lane)
                    return true
                }
            }
            return started
        }
    }

    func workerEnded(_ lane: Lane) {
        lane.workerEnded()
        state.withLock { $0.active -= 1 }
    }

    /// Everything that has not begun.
    func drain() -> [Delivery] {
        state.withLock { $0.lanes.values.flatMap { $0.drain() } }
    }
}
