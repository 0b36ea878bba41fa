import Contract
import Core
import Features
import Foundation
import Outbound
import Relational
import SQLiteEngine
import TestSupport
import Testing

@testable import Delivery

/// What changes while deliveries are under way: webhooks go, move and break, and the dispatcher stops.
@Suite(.timeLimit(.minutes(2))) struct StandstillTests {
    @Test func aSecretThatDoesNotOpenStopsNobodyElse() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let broken = try await world.webhook("\(receiver.baseURL)/broken")
        let sound = try await world.webhook("\(receiver.baseURL)/sound")
        let id = broken.webhook.id
        _ = try await world.engine.write { try $0.execute("UPDATE webhook SET secret_sealed = 'v1.AAAA' WHERE id = \(id)") }
        try await world.emit(count: 30)
        try await world.dispatching(try world.client(receiver)) {
            let log = try await world.until(sound) { $0.allSatisfy { $0.state == .succeeded } }
            #expect(log.map(\.state) == Array(repeating: .succeeded, count: 30))
        }
        // No attempt was spent: they go out once the key is back.
        #expect(try await world.log(of: broken).allSatisfy { $0.attempts == 0 && $0.wakeAt != nil })
        #expect(receiver.requests.allSatisfy { $0.path == "/sound" })
    }

    @Test func goneHoldsWhatIsClaimedToo() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        receiver.answer(with: .status(410).held(by: gate))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        try await world.emit(count: 60)
        try await world.dispatching(try world.client(receiver)) {
            try await receiver.waitForRequests(8)
            gate.open()
            _ = try await world.until(webhook) { !$0.contains { [.pending, .inFlight].contains($0.state) } }
        }
        let log = try await world.log(of: webhook)
        #expect(Set(log.map(\.state)) == [.failed, .held])
        // Those under way, and at most as many that were begun while the answer was written down.
        #expect(receiver.requests.count <= 16)
        #expect(log.filter { $0.state == .failed }.count == receiver.requests.count)
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
        receiver.answer("/old", with: .status(200).held(by: gate))
        let webhook = try await world.webhook("\(receiver.baseURL)/old", timeout: 30)
        try await world.emit(count: 8)
        var limits = DispatcherLimits()
        limits.heldPerWebhook = 64
        limits.perWebhook = 8
        try await world.dispatching(try world.client(receiver), limits: limits) {
            try await receiver.waitForRequests(8)
            // Claimed behind those that hang, and then the webhook moves.
            try await world.emit(count: 4)
            var input = WebhookInput()
            input.url = "\(receiver.baseURL)/new"
            _ = try await world.webhooks.update(webhook.webhook.id, with: input, for: world.caller)
            world.clock.advance(by: .seconds(2))
            gate.open()
            _ = try await world.until(webhook) { $0.allSatisfy { $0.state == .succeeded } }
        }
        #expect(receiver.requests.map(\.path) == Array(repeating: "/old", count: 8) + Array(repeating: "/new", count: 4))
    }

    @Test func stoppingFinishesWhatHasBegunAndGivesBackTheRest() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let gate = TestGate()
        receiver.answer(with: .status(200).held(by: gate))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        // More than one turn's worth, so that something is claimed and waits.
        try await world.emit(count: 8)
        let dispatcher = world.dispatcher(try world.client(receiver))
        let running = Task { try await dispatcher.run() }
        try await receiver.waitForRequests(8)
        running.cancel()
        try await world.emit(count: 5)
        gate.open()
        try await running.value
        let log = try await world.log(of: webhook)
        #expect(log.map(\.state) == Array(repeating: .succeeded, count: 8) + Array(repeating: .pending, count: 5))
        #expect(try await world.attempts(of: try #require(log.first)).count == 1)
        #expect(receiver.requests.count == 8)
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
        let opened = try await world.webhooks.secret(of: id, in: world.organization.organizationID)
        let stale = try #require(try await world.deliveries.claim([(webhook: id, limit: 1)], lease: .seconds(45)).first)
        let target = AttemptMaker.Target(webhook: opened.webhook, secret: opened.secret, body: Array("{}".utf8))
        async let late = maker.make(stale, to: target)
        try await receiver.waitForRequests(1)
        world.clock.advance(by: .seconds(45))
        let fresh = try #require(try await world.deliveries.claim([(webhook: id, limit: 1)], lease: .seconds(45)).first)
        #expect(fresh.leaseToken == stale.leaseToken + 1)
        let made = try await maker.make(fresh, to: target)
        #expect(made?.delivery.state == .succeeded)
        gate.open()
        #expect(try await late == nil)
        let log = try await world.log(of: webhook)
        #expect(log.map(\.state) == [.succeeded])
        #expect(try await world.attempts(of: try #require(log.first)).map(\.statusCode) == [200])
        #expect(maker.metrics.prometheusText.contains("audenci_webhook_leases_lost_total 1"))
    }
}
