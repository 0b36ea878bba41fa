import Contract
import Core
import Delivery
import Features
import Foundation
import TestSupport
import Testing

/// What a person asks for changes nothing that the schedule would have done.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ResendTests {
    @Test func aDeliveryThatWasNotSentYetKeepsItsSchedule() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(500))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", schedule: [.seconds(100)])
        try await world.emit()
        let waiting = try #require(try await world.log(of: webhook).first)
        _ = try await world.deliveries.resend(waiting.id, for: world.caller)
        try await world.dispatching(try world.client(receiver)) {
            let delivery = try await world.delivery(of: webhook) { $0.attempts == 2 }
            #expect(delivery.state == .retrying)
            #expect(delivery.autoAttempts == 1)
            #expect(try await world.attempts(of: delivery).map(\.trigger) == [.manual, .auto])
        }
    }

    @Test func whatWasAcceptedStaysAccepted() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(200), .status(500))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        try await world.emit()
        try await world.dispatching(try world.client(receiver)) {
            let done = try await world.delivery(of: webhook) { $0.state == .succeeded }
            _ = try await world.deliveries.resend(done.id, for: world.caller)
            world.outbox.wake.signal()
            let again = try await world.delivery(of: webhook) { $0.attempts == 2 }
            #expect(again.state == .succeeded)
            #expect(again.deliveredAt == done.deliveredAt)
            #expect(again.lastStatusCode == 500)
            let ids = receiver.requests.map { $0.header("webhook-id") }
            #expect(ids == [done.eventID.rawValue, done.eventID.rawValue])
            #expect(receiver.requests.map { $0.header("X-Audenci-Attempt") } == ["1", "2"])
        }
    }

    @Test func aSuccessEndsTheScheduleAndAFailureOfAFailedOneStaysFailed() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        receiver.answer(with: .status(500), .status(500), .status(200))
        let webhook = try await world.webhook("\(receiver.baseURL)/hook", schedule: [])
        try await world.emit()
        try await world.dispatching(try world.client(receiver)) {
            for (attempts, state) in [(1, Delivery.State.failed), (2, .failed), (3, .succeeded)] {
                let delivery = try await world.delivery(of: webhook) { $0.attempts == attempts }
                #expect(delivery.state == state)
                #expect(delivery.wakeAt == nil)
                if state == .failed { _ = try await world.deliveries.resend(delivery.id, for: world.caller) }
                world.outbox.wake.signal()
            }
        }
        #expect(try await world.deliveries.openWork().isEmpty)
    }

    @Test func aDisabledWebhookAndADeliveryUnderWayAreAConflict() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit()
        let share = [(webhook: webhook.webhook.id, limit: 1)]
        let claimed = try #require(try await world.deliveries.claim(share, lease: .seconds(45)).first)
        func code() async throws -> ErrorCode? {
            do {
                _ = try await world.deliveries.resend(claimed.id, for: world.caller)
                return nil
            } catch let error as APIError {
                return error.code
            }
        }
        #expect(try await code() == .conflict)
        _ = try await world.webhooks.disable(webhook.webhook.id, for: world.caller)
        #expect(try await code() == .conflict)
    }
}
