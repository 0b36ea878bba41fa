import Contract
import Core
import Delivery
import Features
import Foundation
import Outbound
import Relational
import SQLiteEngine
import TestSupport
import Testing

/// The dispatcher over real TLS.
@Suite(.serialized) struct DispatcherTests {
    @Test func theStoredBytesArriveSigned() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        try await world.dispatching(try world.client(receiver)) {
            let event = try await world.emit()
            let request = try #require(try await receiver.waitForRequests(1).first)
            let stored = try await world.engine.read {
                try $0.first("SELECT body FROM event WHERE id = \(event)") { $0.text(0) }
            }
            #expect(String(decoding: request.body, as: UTF8.self) == stored)
            func header(_ name: String) -> String? {
                request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
            }
            #expect(header("X-Audenci-Signature") == Signature.audenci(body: Array(request.body), secret: webhook.secret))
            let names = [
                "Host", "Content-Type", "User-Agent", "X-Audenci-Signature", "X-Audenci-Event", "X-Audenci-Event-Id",
                "X-Audenci-Delivery", "X-Audenci-Attempt", "X-Audenci-Timestamp", "X-Audenci-Sequence", "X-Audenci-Webhook-Id",
                "webhook-id", "webhook-timestamp", "webhook-signature", "traceparent", "Content-Length",
            ]
            #expect(request.headers.map(\.name) == names)
            #expect(header("webhook-id") == event.rawValue)
            let log = try await world.until(webhook) { $0.first?.state == .succeeded }
            #expect(log.map(\.state) == [.succeeded])
        }
    }

    @Test func aFailureIsTriedAgainExactlyWhenTheScheduleSays() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(500, headers: [], body: "not now"))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", schedule: [.seconds(100)])
        try await world.dispatching(try world.client(receiver)) {
            try await world.emit()
            let waiting = try await world.until(webhook) { $0.first?.state == .retrying }
            let due = try #require(waiting.first?.wakeAt)
            #expect((world.clock.now + .seconds(80)...world.clock.now + .seconds(120)).contains(due))
            receiver.answer(with: .status(204, headers: [], body: ""))
            world.clock.set(due - .milliseconds(1))
            world.outbox.wake.signal()
            #expect(try await world.deliveries.claim([(webhook: webhook.webhook.id, limit: 1)], lease: .seconds(1)).isEmpty)
            world.clock.set(due)
            world.outbox.wake.signal()
            let done = try await world.until(webhook) { $0.first?.state == .succeeded }
            let delivery = try #require(done.first)
            let attempts = try await world.attempts(of: delivery)
            #expect(attempts.map(\.statusCode) == [500, 204])
            #expect(attempts.first?.response?.text.contains("not now") == true)
        }
    }

    @Test func aHangingWebhookDelaysNobodyElse() async throws {
        let world = try await DeliveryWorld()
        let hanging = try await TestReceiver.start()
        hanging.answer(with: .hang)
        let quick = try await TestReceiver.start()
        let stuck = try await world.webhook("\(hanging.baseURL)/hook", events: ["webhook.test"], timeout: 30)
        for _ in 0..<200 { try await world.emit() }
        let other = try await world.webhook("\(quick.baseURL)/hook", events: ["webhook.test"])
        try await world.dispatching(try world.client(hanging, quick)) {
            _ = try await hanging.waitForRequests(8)
            for _ in 0..<20 { try await world.emit() }
            let log = try await world.until(other) { $0.count == 20 && $0.allSatisfy { $0.state == .succeeded } }
            #expect(log.filter { $0.state == .succeeded }.count == 20)
            #expect(hanging.requests.count == 8)
            await hanging.stop()
        }
        #expect(try await world.log(of: stuck).allSatisfy { $0.state != .succeeded })
    }

    @Test func goneDisablesTheWebhookAndHoldsTheRest() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(410, headers: [], body: ""))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        try await world.dispatching(try world.client(receiver)) {
            try await world.emit()
            _ = try await world.until(webhook) { $0.first?.state == .failed }
        }
        try await world.emit()
        #expect(try await world.log(of: webhook).map(\.state) == [.failed, .held])
        let now = try await world.webhooks.get(webhook.webhook.id, in: world.organization.organizationID)
        #expect(now.isEnabled == false)
        #expect(now.disabledReason?.contains("410") == true)
    }

    @Test func whatADeadDispatcherHeldIsSentByTheNext() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        for _ in 0..<5 { try await world.emit() }
        _ = try await world.deliveries.claim([(webhook: webhook.webhook.id, limit: 3)], lease: .seconds(600))
        try await world.deliveries.releaseAll()
        try await world.dispatching(try world.client(receiver)) {
            let log = try await world.until(webhook) { $0.allSatisfy { $0.state == .succeeded } }
            #expect(log.map(\.state) == Array(repeating: .succeeded, count: 5))
        }
    }

    @Test func aThousandDeliveriesOpenNoMoreConnectionsThanSlots() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        for _ in 0..<1000 { try await world.emit() }
        try await world.dispatching(try world.client(receiver)) { _ = try await receiver.waitForRequests(1000) }
        #expect(receiver.connectionsOpened <= 8)
        #expect(Set(receiver.requests.map { $0.headers.first { $0.name == "X-Audenci-Sequence" }?.value }).count == 1000)
        _ = webhook
    }

    @Test func aResendKeepsTheScheduleWhereItWas() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(500, headers: [], body: ""))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", schedule: [.seconds(100), .seconds(100)])
        try await world.dispatching(try world.client(receiver)) {
            try await world.emit()
            let waiting = try await world.delivery(of: webhook) { $0.state == .retrying }
            _ = try await world.deliveries.resend(waiting.id, for: world.caller)
            world.outbox.wake.signal()
            let after = try await world.delivery(of: webhook) { $0.attempts == 2 && $0.state == .retrying }
            #expect(after.wakeAt == waiting.wakeAt)
            #expect(after.autoAttempts == 1)
            #expect(try await world.attempts(of: after).map(\.trigger) == [.auto, .manual])
        }
    }
}
