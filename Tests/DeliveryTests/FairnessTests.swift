import Contract
import Core
import Foundation
import Outbound
import Relational
import SQLiteEngine
import TestSupport
import Testing

@testable import Delivery
@testable import Features

/// Nobody waits for somebody else's receiver.
@Suite(.serialized, .timeLimit(.minutes(2))) struct FairnessTests {
    @Test func fortyHangingWebhooksLeaveRoomForTheNext() async throws {
        let world = try await DeliveryWorld()
        let hanging = try await TestReceiver.start()
        hanging.answer(with: .hang)
        let quick = try await TestReceiver.start()
        for number in 0..<40 { try await world.webhook("\(hanging.baseURL)/\(number)", timeout: 30) }
        try await world.emit(count: 100)
        let other = try await world.webhook("\(quick.baseURL)/hook")
        var limits = OutboundLimits()
        limits.connectionsPerOrigin = 512
        try await world.dispatching(try world.client(hanging, quick, limits: limits)) {
            // A quarter of the slots is what one organization's webhooks get beyond their first.
            let requests = try await hanging.waitForRequests(64)
            #expect(Set(requests.map(\.path)).count == 40)
            try await world.emit()
            let log = try await world.until(other) { $0.first?.state == .succeeded }
            #expect(log.map(\.state) == [.succeeded])
            await hanging.stop()
        }
    }

    /// Five organizations with sixty webhooks each, none of which ever answers, and then one more of each kind.
    @Test func whoeverComesNextFindsClaimsAndASlot() throws {
        let limits = DispatcherLimits()
        let table = LaneTable(limits)
        let now = Instant(seconds: 1_770_114_600)
        func add(_ webhook: String, of organization: String, count: Int) {
            _ = table.add((0..<count).map { Self.work("\(webhook)-\($0)", webhook, organization, now) })
        }
        let due = (0..<300).map { Self.due("w\($0)", of: "o\($0 % 5)", now) }
        for _ in 0..<20 {
            for (webhook, limit) in table.shares(for: due, now: now) {
                let organization = due.first { $0.webhook == webhook }?.organization.rawValue ?? ""
                add(webhook.rawValue, of: organization, count: limit)
            }
            // Each takes one piece of work and never comes back.
            for webhook in table.startable(now) { #expect(table.next(webhook, now) != nil) }
        }
        let share = try #require(
            table.shares(for: due + [Self.due("newcomer", of: "o5", now)], now: now).first { $0.webhook.rawValue == "newcomer" }
        )
        #expect(share.limit > 0)
        add("newcomer", of: "o5", count: share.limit)
        #expect(table.startable(now).contains(ID("newcomer")))
    }

    @Test func aHangingLaneNeverSitsOnMoreThanItBegan() {
        let limits = DispatcherLimits()
        let table = LaneTable(limits)
        var now = Instant(seconds: 1_770_114_600)
        for _ in 0..<50 {
            for (webhook, limit) in table.shares(for: [Self.due("w", of: "o", now)], now: now) {
                _ = table.add((0..<limit).map { Self.work("d\($0)", webhook.rawValue, "o", now) })
            }
            for webhook in table.startable(now) { _ = table.next(webhook, now) }
            now = now + .milliseconds(1)
        }
        #expect(table.drain().isEmpty)
    }

    @Test func aLaneThatKeepsUpIsServedInLargeBatches() {
        let limits = DispatcherLimits()
        let table = LaneTable(limits)
        var now = Instant(seconds: 1_770_114_600)
        var largest = 0
        for _ in 0..<20 {
            for (webhook, limit) in table.shares(for: [Self.due("w", of: "o", now)], now: now) {
                largest = max(largest, limit)
                _ = table.add((0..<limit).map { Self.work("d\($0)", webhook.rawValue, "o", now) })
            }
            for webhook in table.startable(now) {
                while table.next(webhook, now) != nil {}
                table.workerEnded(webhook)
            }
            // Another worker keeps the lane alive between two rounds.
            _ = table.add([Self.work("last", "w", "o", now)])
            now = now + .milliseconds(10)
        }
        #expect(largest > 32)
        #expect(largest <= limits.heldPerWebhook)
    }

    @Test func aPausedWebhookGetsNothingUntilItsPauseIsOver() {
        let table = LaneTable(DispatcherLimits())
        let now = Instant(seconds: 1_770_114_600)
        table.pause(ID("w"), until: now + .seconds(60))
        let (w, x) = (Self.due("w", of: "o", now), Self.due("x", of: "o", now))
        #expect(table.shares(for: [w, x], now: now + .seconds(59)).map(\.webhook) == [ID("x")])
        #expect(table.shares(for: [w], now: now + .seconds(60)).map(\.webhook) == [ID("w")])
    }

    @Test(arguments: [(300, 100, 70, 30), (300, 5, 95, 5), (10, 300, 10, 90), (300, 0, 100, 0), (0, 300, 0, 100)])
    func firstAttemptsGoBeforeAStormOfRetries(first: Int, retries: Int, expectedFirst: Int, expectedRetries: Int) async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit(count: retries)
        _ = try await world.engine.write {
            try $0.execute("UPDATE delivery SET state = 'retrying', attempts = 1, auto_attempts = 1, wake_at = wake_at - 1000")
        }
        try await world.emit(count: first)
        let claimed = try await world.deliveries.claim([(webhook: webhook.webhook.id, limit: 100)], lease: .seconds(45))
        #expect(claimed.filter { $0.attempts == 0 }.count == expectedFirst)
        #expect(claimed.filter { $0.attempts == 1 }.count == expectedRetries)
    }

    @Test func oneRefusalHalvesWhatItsSlotsCouldDoAndNotTheTrickleOfAQuietWebhook() {
        let table = LaneTable(DispatcherLimits())
        let now = Instant(seconds: 1_770_114_600)
        let webhook = Webhook.example
        _ = table.report(AttemptReport(isSuccess: false, asksForLess: true), of: webhook, now)
        _ = table.add((0..<20).map { Self.work("d\($0)", webhook.id.rawValue, "o", now) })
        // One at once, and then four in a second: half of its eight slots.
        let begun = (0...100).reduce(0) { sum, step in
            sum + (table.next(webhook.id, now + .milliseconds(step * 10)) == nil ? 0 : 1)
        }
        #expect(begun == 5)
    }

    private static func due(_ webhook: String, of organization: String, _ now: Instant) -> DeliveryStore.OpenWork {
        DeliveryStore.OpenWork(webhook: ID(webhook), organization: ID(organization), due: now)
    }

    private static func work(_ id: String, _ webhook: String, _ organization: String, _ now: Instant) -> Lane.Work {
        var delivery = Delivery.example
        delivery.id = ID(id)
        delivery.webhookID = ID(webhook)
        delivery.organizationID = ID(organization)
        return Lane.Work(
            delivery: delivery, target: AttemptMaker.Target(webhook: .example, secrets: SecretRing(keys: []), events: []),
            claimedAt: now,
            beginBefore: now + .seconds(10))
    }
}
