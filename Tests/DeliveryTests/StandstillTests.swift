import Contract
import Core
import Features
import Foundation
import Outbound
import PayloadFormats
import Relational
import SQLiteEngine
import Synchronization
import TestSupport
import Testing

@testable import Delivery

/// What changes while deliveries are under way: webhooks go, move and break, and the dispatcher stops.
@Suite(.serialized, .timeLimit(.minutes(2))) struct StandstillTests {
    @Test func aSecretThatDoesNotOpenStopsNobodyElse() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let broken = try await world.webhook("\(receiver.baseURL)/broken")
        let sound = try await world.webhook("\(receiver.baseURL)/sound")
        let id = broken.webhook.id
        let unusable = #"[{"sealed":"v1.AAAA","from":0}]"#
        _ = try await world.engine.write { try $0.execute("UPDATE webhook SET secrets = \(unusable) WHERE id = \(id)") }
        try await world.emit(count: 30)
        try await world.dispatching(try world.client(receiver)) {
            let log = try await world.until(sound) { $0.allSatisfy { $0.state == .succeeded } }
            #expect(log.map(\.state) == Array(repeating: .succeeded, count: 30))
        }
        // No attempt was spent: they go out once the key is back.
        #expect(try await world.log(of: broken).allSatisfy { $0.attempts == 0 && $0.wakeAt != nil })
        #expect(receiver.requests.allSatisfy { $0.path == "/sound" })
        // And they are left alone meanwhile, instead of being claimed over and over.
        #expect(try await world.log(of: broken).map(\.leaseToken).max() == 1)
    }

    @Test func goneHoldsWhatIsClaimedToo() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        try await world.dispatching(try world.client(receiver)) {
            let sent = try await fillLane(of: webhook, in: world, receiver, then: .status(410).held(by: gate))
            gate.open()
            try await world.untilStates(of: webhook) { $0[.pending] == nil && $0[.inFlight] == nil }
            // Those under way, and at most as many that were begun while the answer was written down.
            #expect((sent + 8...sent + 16).contains(receiver.requests.count))
        }
        let states = try await world.states(of: webhook)
        #expect(Set(states.keys) == [.succeeded, .failed, .held])
        #expect((states[.succeeded] ?? 0) + (states[.failed] ?? 0) == receiver.requests.count)
    }

    /// Sends quickly until the lane claims in large batches, then keeps every answer back, with more claimed than is under
    /// way.
    /// - Returns: how many were answered.
    private func fillLane(
        of webhook: NewWebhook, in world: DeliveryWorld, _ receiver: TestReceiver, then answer: TestAnswer
    ) async throws -> Int {
        let quick = 150
        let count = Mutex(0)
        receiver.answer { _ in
            let number = count.withLock { count in
                count += 1
                return count
            }
            return number <= quick ? .status(200) : answer
        }
        try await world.emit(count: 300)
        try await receiver.waitForRequests(quick + 8)
        let claimed = try await world.untilStates(of: webhook) { $0[.inFlight] ?? 0 > 16 }[.inFlight] ?? 0
        try #require(claimed > 16, "nothing waits in the lane, so the test would prove nothing")
        return quick
    }

    @Test func deletingLeavesTheAttemptUnderWayToFinishAndTheRestUnsent() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        receiver.answer(with: .status(500).held(by: gate))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", schedule: [.seconds(1)])
        try await world.emit(count: 20)
        try await world.dispatching(try world.client(receiver)) {
            try await receiver.waitForRequests(8)
            try await world.webhooks.delete(webhook.webhook.id, for: world.caller)
            gate.open()
            _ = try await world.until(webhook) { !$0.contains { $0.state == .inFlight } }
            world.clock.advance(by: .seconds(5))
            world.outbox.wake.signal()
            _ = try await world.until(webhook) { $0.allSatisfy { $0.state == .cancelled } }
        }
        let log = try await world.log(of: webhook)
        #expect(log.map(\.state) == Array(repeating: .cancelled, count: 20))
        #expect(receiver.requests.count == 8)
        for delivery in log.prefix(8) { #expect(try await world.attempts(of: delivery).map(\.statusCode) == [500]) }
    }

    @Test func whatWaitedGoesWhereTheWebhookPointsNow() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        let webhook = try await world.webhook("\(receiver.baseURL)/old", timeout: 30)
        try await world.dispatching(try world.client(receiver)) {
            let sent = try await fillLane(of: webhook, in: world, receiver, then: .status(200).held(by: gate))
            var input = WebhookInput()
            input.url = "\(receiver.baseURL)/new"
            _ = try await world.webhooks.update(webhook.webhook.id, with: input, for: world.caller)
            world.clock.advance(by: .seconds(2))
            gate.open()
            try await receiver.waitForRequests(300)
            let old = receiver.requests.filter { $0.path == "/old" }.count
            #expect(old == sent + 8)
            #expect(receiver.requests.count == 300)
        }
    }

    @Test func whatAWorkerHoldsTooLateIsSentByTheEnabledWebhook() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit()
        let share = [(webhook: webhook.webhook.id, limit: 1)]
        var claimed = try #require(try await world.deliveries.claim(share, lease: .seconds(45)).first)
        // Between a worker's look at the disabled webhook and its writing so, somebody enables it again.
        _ = try await world.webhooks.disable(webhook.webhook.id, for: world.caller)
        _ = try await world.webhooks.enable(webhook.webhook.id, EnableInput(), for: world.caller)
        claimed.state = .held
        claimed.wakeAt = nil
        try await world.deliveries.settle([claimed])
        #expect(try await world.deliveries.claim(share, lease: .seconds(45)).map(\.id) == [claimed.id])
    }

    @Test func whatWaitedIsHeldWhenTheWebhookIsDisabledMeanwhile() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", timeout: 30)
        try await world.dispatching(try world.client(receiver)) {
            let sent = try await fillLane(of: webhook, in: world, receiver, then: .status(200).held(by: gate))
            _ = try await world.webhooks.disable(webhook.webhook.id, for: world.caller)
            world.clock.advance(by: .seconds(2))
            gate.open()
            try await world.untilStates(of: webhook) { $0[.pending] == nil && $0[.inFlight] == nil }
            #expect(receiver.requests.count == sent + 8)
        }
        let states = try await world.states(of: webhook)
        #expect(states == [.succeeded: receiver.requests.count, .held: 300 - receiver.requests.count])
    }

    @Test func stoppingFinishesWhatHasBegunAndGivesBackTheRest() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        let dispatcher = world.dispatcher(try world.client(receiver))
        let running = Task { try await dispatcher.run() }
        let sent = try await fillLane(of: webhook, in: world, receiver, then: .status(200).held(by: gate))
        running.cancel()
        gate.open()
        try await running.value
        #expect(receiver.requests.count == sent + 8)
        #expect(try await world.states(of: webhook)[.succeeded] == sent + 8)
        // What was claimed and not begun is due at once, for whoever comes next.
        let work = try await world.deliveries.openWork()
        #expect(work.map(\.due) == [world.clock.now])
        let rest = try await world.deliveries.claim([(webhook: webhook.webhook.id, limit: 1000)], lease: .seconds(45))
        #expect(rest.count == 300 - sent - 8)
    }

    @Test func aLeaseThatRanOutIsTakenOverAndTheLateAnswerIsDropped() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        receiver.answer(with: .status(500).held(by: gate), .status(200))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        let id = webhook.webhook.id
        try await world.emit()
        let client = try world.client(receiver)
        let maker = world.maker(client)
        let opened = try await world.webhooks.opened(id, in: world.organization.organizationID)
        let stale = try #require(try await world.deliveries.claim([(webhook: id, limit: 1)], lease: .seconds(45)).first)
        let target = AttemptMaker.Target(
            webhook: opened.webhook, secrets: opened.secrets,
            events: [
                OutgoingEvent(eventID: "evt", type: "webhook.test", body: Array("{}".utf8), isTest: false, publicURL: "")
            ])
        async let late = maker.make([stale], to: target)
        try await receiver.waitForRequests(1)
        world.clock.advance(by: .seconds(45))
        let fresh = try #require(try await world.deliveries.claim([(webhook: id, limit: 1)], lease: .seconds(45)).first)
        #expect(fresh.leaseToken == stale.leaseToken + 1)
        let made = try await maker.make([fresh], to: target)
        #expect(made?.records.first?.delivery.state == .succeeded)
        gate.open()
        let answer = try await late
        #expect(answer == nil)
        let log = try await world.log(of: webhook)
        #expect(log.map(\.state) == [.succeeded])
        #expect(try await world.attempts(of: try #require(log.first)).map(\.statusCode) == [200])
        #expect(maker.metrics.prometheusText.contains("audenci_webhook_leases_lost_total 1"))
    }
}
