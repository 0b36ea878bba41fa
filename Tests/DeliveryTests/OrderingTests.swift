import Contract
import Core
import Features
import PayloadFormats
import TestSupport
import Testing

@testable import Delivery

/// Webhooks that want their events one after the other.
@Suite(.serialized) struct OrderingTests {
    private func webhook(_ world: DeliveryWorld, _ url: String, _ ordering: WebhookOrdering, schedule: [Duration]) async throws
        -> NewWebhook
    {
        var input = WebhookInput()
        input.ordering = ordering
        var retry = RetryInput()
        retry.given = RetrySchedule(delays: schedule)
        input.retry = .set(retry)
        return try await world.webhooks.create(input, url: url, events: ["post.*"], for: world.caller)
    }

    private func post(_ id: String) -> PostCreated {
        var post = Post.example
        post.id = ID(id)
        return PostCreated(post)
    }

    @Test func strictSendsOneAtATimeInOrder() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await webhook(world, "\(receiver.baseURL)/hook", .strict, schedule: [])
        for number in 0..<15 { try await world.emit(post("p\(number % 3)")) }
        #expect(try await world.deliveries.claim([(webhook: webhook.webhook.id, limit: 50)], lease: .seconds(45)).count == 1)
        try await world.deliveries.releaseAll()
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 15 }
        }
        let sequences = receiver.requests.compactMap { $0.header("X-Audenci-Sequence").flatMap { Int($0) } }
        #expect(sequences == Array(1...15))
    }

    @Test func entityKeepsEachEntitysOrderAndLetsOthersPass() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await webhook(world, "\(receiver.baseURL)/hook", .entity, schedule: [.seconds(600)])
        // The first of "stuck" fails: what follows for it waits, the other entity goes on.
        receiver.answer { request in
            String(decoding: request.body, as: UTF8.self).contains("stuck") ? .status(500) : .status(200)
        }
        for number in 0..<6 { try await world.emit(post(number.isMultiple(of: 2) ? "stuck" : "free")) }
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 3 && $0[.retrying] == 1 }
        }
        let log = try await world.log(of: webhook)
        #expect(log.map(\.state) == [.retrying, .succeeded, .pending, .succeeded, .pending, .succeeded])
        #expect(log.filter { $0.state == .pending }.allSatisfy { $0.wakeAt == Delivery.blocked && $0.attempts == 0 })
    }

    @Test func aHeadThatFailsForGoodIsLeftBehindAndTheNextSaysSo() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await webhook(world, "\(receiver.baseURL)/hook", .strict, schedule: [])
        receiver.answer(with: .status(500), .status(200))
        for _ in 0..<3 { try await world.emit(post("p")) }
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 2 }
        }
        #expect(receiver.requests.map { $0.header("X-Audenci-Order-Break") } == [nil, "1", nil])
    }

    @Test func aHeadIsParkedBeforeItHoldsUpOthersForMoreThanAnHour() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await webhook(world, "\(receiver.baseURL)/hook", .strict, schedule: [.seconds(7200)])
        receiver.answer(with: .status(500), .status(200))
        for _ in 0..<2 { try await world.emit(post("p")) }
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 1 }
        }
        let log = try await world.log(of: webhook)
        #expect(log.map(\.state) == [.retrying, .succeeded])
        #expect(log.map(\.orderBreak) == [1, 1])
        #expect(log.first?.entity == nil)
    }

    @Test func disablingAndEnablingKeepsTheOrder() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await webhook(world, "\(receiver.baseURL)/hook", .strict, schedule: [])
        for _ in 0..<5 { try await world.emit(post("p")) }
        _ = try await world.webhooks.disable(webhook.webhook.id, for: world.caller)
        try await world.emit(post("p"))
        _ = try await world.webhooks.enable(webhook.webhook.id, EnableInput(), for: world.caller)
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 6 }
        }
        #expect(receiver.requests.compactMap { $0.header("X-Audenci-Sequence") } == (1...6).map(String.init))
    }

    @Test func aResendOutOfTurnThatFailsGetsItsTurn() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await webhook(world, "\(receiver.baseURL)/hook", .strict, schedule: [.seconds(600)])
        for _ in 0..<3 { try await world.emit(post("p")) }
        // The second is sent by hand while it waits for the first, and both are under way at once.
        let second = try #require(try await world.log(of: webhook).dropFirst().first)
        #expect(second.wakeAt == Delivery.blocked)
        _ = try await world.deliveries.resend(second.id, for: world.caller)
        let share = [(webhook: webhook.webhook.id, limit: 10)]
        let claimed = try await world.deliveries.claim(share, lease: .seconds(45))
        #expect(claimed.map(\.sequence) == [1, 2])
        let maker = world.maker(try world.client(receiver))
        let material = try await world.deliveries.material(for: claimed)
        let opened = try world.webhooks.open(try #require(material.webhooks[webhook.webhook.id]))
        for (delivery, status) in zip(claimed, [200, 500]) {
            receiver.answer(with: .status(status))
            let event = OutgoingEvent(
                eventID: delivery.eventID.rawValue, type: delivery.event,
                body: material.events[delivery.eventID]?.body ?? [], isTest: false, publicURL: "")
            try await maker.make(
                [delivery], to: AttemptMaker.Target(webhook: opened.webhook, secrets: opened.secrets, events: [event]))
        }
        // Nothing is before it any more: its turn has come, and that of the third comes after it.
        let log = try await world.log(of: webhook)
        #expect(log.map(\.state) == [.succeeded, .retrying, .pending])
        #expect(log.map(\.wakeAt) == [nil, world.clock.now, Delivery.blocked])
        receiver.answer(with: .status(200))
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 3 }
        }
        #expect(try await world.states(of: webhook) == [.succeeded: 3])
    }
}

/// Several events in one request, filters, formats and keys, on the wire.
@Suite(.serialized) struct ShapingTests {
    @Test func aBatchIsOneSignedArrayAndEveryDeliveryIsLogged() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        var input = WebhookInput()
        var batch = BatchInput()
        batch.seconds = 10
        batch.maximumEvents = 4
        input.batch = .set(batch)
        let webhook = try await world.webhooks.create(
            input, url: "\(receiver.baseURL)/hook", events: ["webhook.test"], for: world.caller)
        try await world.emit(count: 6)
        // Everything of a window is due at its end, and nothing before.
        let due = try await world.log(of: webhook).map(\.wakeAt)
        #expect(Set(due).count == 1)
        #expect(try #require(due.first ?? nil) > world.clock.now)
        world.clock.advance(by: .seconds(10))
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 6 }
        }
        #expect(receiver.requests.count == 2)
        // Two requests at the same time may arrive in either order.
        let requests = receiver.requests.sorted { $0.body.count > $1.body.count }
        let sizes = try requests.map { try JSONValue(parsing: $0.body).array?.count }
        #expect(sizes == [4, 2])
        let first = try #require(requests.first)
        #expect(first.header("X-Audenci-Batch") == "4")
        #expect(first.header("X-Audenci-Event-Id")?.split(separator: ",").count == 4)
        #expect(first.header("webhook-id")?.hasPrefix("bat_") == true)
        #expect(first.header("X-Audenci-Signature") == Signature.audenci(body: first.body, secret: webhook.secret))
        #expect(try await world.log(of: webhook).allSatisfy { $0.attempts == 1 })
    }

    @Test func aFilterKeepsBackWithAReasonAndWithoutAGap() async throws {
        let world = try await DeliveryWorld()
        var input = WebhookInput()
        input.filter = .set(["where": ["data.message": ["$startsWith": "Nothing like it"]]])
        let webhook = try await world.webhooks.create(
            input, url: "https://receiver.example/h", events: ["webhook.test", "post.created"], for: world.caller)
        let other = try await world.webhook()
        try await world.emit()
        #expect(try await world.log(of: webhook).isEmpty)
        #expect(try await world.log(of: other).count == 1)
        let kept = try await world.webhooks.filtered(
            by: webhook.webhook.id, for: world.caller, page: PageRequest()
        ).items
        #expect(kept.map(\.event) == ["webhook.test"])
        #expect(kept.first?.reason.contains("data.message $startsWith") == true)
        var change = WebhookInput()
        change.filter = .clear
        _ = try await world.webhooks.update(webhook.webhook.id, with: change, for: world.caller)
        try await world.emit()
        #expect(try await world.log(of: webhook).map(\.sequence) == [1])
    }

    @Test func duringARotationBothKeysVerifyAndTheEqualityCheckHolds() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        let webhook = try await world.webhook("\(receiver.baseURL)/hook")
        let ring = try await world.webhooks.rotateSecret(
            of: webhook.webhook.id, overlap: .seconds(3600), for: world.caller, outbox: world.outbox)
        let next = try #require(ring.next(at: world.clock.now)?.secret)
        func send(_ count: Int) async throws {
            try await world.emit()
            try await world.dispatching(try world.client(receiver)) {
                _ = try await world.untilStates(of: webhook) { $0[.succeeded] == count }
            }
        }
        try await send(1)
        world.clock.advance(by: .seconds(3600))
        try await send(2)
        let (during, after) = (receiver.requests[0], receiver.requests[1])
        func standard(_ request: TestReceiver.Received, _ secret: Secret) -> String {
            Signature.standard(
                id: request.header("webhook-id") ?? "", timestamp: Int64(request.header("webhook-timestamp") ?? "") ?? 0,
                body: request.body, secret: secret)
        }
        #expect(during.header("X-Audenci-Signature") == Signature.audenci(body: during.body, secret: webhook.secret))
        #expect(during.header("X-Audenci-Signature-Next") == Signature.audenci(body: during.body, secret: next))
        #expect(
            during.header("webhook-signature") == "\(standard(during, webhook.secret)) \(standard(during, next))")
        #expect(after.header("X-Audenci-Signature") == Signature.audenci(body: after.body, secret: next))
        #expect(after.header("X-Audenci-Signature-Next") == nil)
        #expect(after.header("webhook-signature") == standard(after, next))
    }

    @Test func aServicesFormatGoesOutAsTheServiceWantsIt() async throws {
        let world = try await DeliveryWorld()
        let receiver = try await TestReceiver.start()
        var input = WebhookInput()
        input.format = .slack
        let webhook = try await world.webhooks.create(
            input, url: "\(receiver.baseURL)/services/T/B/x", events: ["webhook.test"], for: world.caller)
        try await world.emit()
        try await world.dispatching(try world.client(receiver)) {
            _ = try await world.untilStates(of: webhook) { $0[.succeeded] == 1 }
        }
        let body = try JSONValue(parsing: try #require(receiver.requests.first).body)
        #expect(body["text"] == "This is a test from Audenci.")
    }
}
