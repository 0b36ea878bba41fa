import Core
import Relational
import SQLiteEngine
import Testing

@testable import Features

@Suite(.serialized) struct FanOutTests {
    @Test func whatIsRolledBackWasNeverSaid() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        struct Undone: Error {}
        await #expect(throws: Undone.self) {
            try await world.engine.write { [outbox = world.outbox, organization = world.organization] connection in
                try outbox.append(
                    WebhookTest(webhookID: ID("w")), for: organization.organizationID, brand: nil, user: nil, on: connection)
                throw Undone()
            }
        }
        #expect(try await world.log(of: webhook).isEmpty)
        #expect(try await world.engine.read { try !$0.exists("SELECT 1 FROM event WHERE type = 'webhook.test'") })
    }

    @Test func theSequenceHasNoGapWhateverFails() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        struct Undone: Error {}
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<128 {
                group.addTask {
                    _ = try? await world.engine.write { [outbox = world.outbox, organization = world.organization] connection in
                        try outbox.append(
                            WebhookTest(webhookID: ID("w")), for: organization.organizationID, brand: nil, user: nil,
                            on: connection)
                        if number.isMultiple(of: 3) { throw Undone() }
                    }
                }
            }
        }
        let sequences = try await world.log(of: webhook).map(\.sequence).sorted()
        #expect(sequences == Array(1...85))
    }

    @Test func fanningOutTwiceDeliversOnce() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        let event = try await world.emit()
        let organization = world.organization.organizationID
        for _ in 0..<3 {
            try await world.engine.write { [ambient = world.ambient] connection in
                let record = try connection.first(EventQueries.find(event, in: organization), EventQueries.decode)
                try FanOut.run(try #require(record), ambient: ambient, on: connection)
            }
        }
        try await world.emit()
        #expect(try await world.log(of: webhook).map(\.sequence) == [1, 2])
    }

    @Test(arguments: [
        (["post.published"], false), (["webhook.test"], true), (["webhook.*"], true), (["post.*"], false), (["*"], false),
        (["web.*"], false), (["post.created", "webhook.test"], true),
    ])
    func onlyWhatIsWantedIsDelivered(events: [String], isWanted: Bool) async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook(events: events)
        try await world.emit()
        #expect(try await world.log(of: webhook).count == (isWanted ? 1 : 0))
    }

    @Test func aDisabledWebhookHoldsAndRecoversAsAsked() async throws {
        for (recover, count, expected) in [
            (EnableInput.Recover.all, 1, ["pending", "pending", "pending"]),
            (.latest, 1, ["cancelled", "cancelled", "pending"]),
            (.none, 1, ["cancelled", "cancelled", "cancelled"]),
        ] {
            let world = try await DeliveryWorld()
            let webhook = try await world.webhook(enabled: false)
            for _ in 0..<3 {
                try await world.emit()
                world.clock.advance(by: .milliseconds(5))
            }
            #expect(try await world.log(of: webhook).map(\.state) == [.held, .held, .held])
            var input = EnableInput()
            input.recover = recover
            input.count = count
            _ = try await world.webhooks.enable(webhook.webhook.id, input, for: world.caller)
            #expect(try await world.log(of: webhook).map(\.state.rawValue) == expected)
        }
    }

    @Test func deletingCancelsWhatIsOpen() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit()
        try await world.webhooks.delete(webhook.webhook.id, for: world.caller)
        #expect(try await world.log(of: webhook).map(\.state) == [.cancelled])
        #expect(try await world.deliveries.openWork().isEmpty)
    }

    @Test func claimsAreExclusiveAndExpire() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        try await world.emit()
        let share = [(webhook: webhook.webhook.id, limit: 10)]
        let stale = try #require(try await world.deliveries.claim(share, lease: .seconds(60)).first)
        #expect(try await world.deliveries.claim(share, lease: .seconds(60)).isEmpty)
        world.clock.advance(by: .seconds(60))
        let fresh = try #require(try await world.deliveries.claim(share, lease: .seconds(60)).first)
        #expect(fresh.id == stale.id)
        var late = stale
        late.state = .succeeded
        late.wakeAt = nil
        let outcome = DeliveryStore.Outcome(delivery: late, attempt: .example)
        #expect(try await world.deliveries.record([outcome], of: webhook.webhook, effect: .worked) == 0)
        #expect(try await world.log(of: webhook).map(\.state) == [.inFlight])
    }

    @Test func manyWorkersClaimEveryDeliveryExactlyOnce() async throws {
        let world = try await DeliveryWorld()
        let webhook = try await world.webhook()
        for _ in 0..<4 { try await world.emit(count: 1000) }
        let claimed = try await withThrowingTaskGroup(of: [DeliveryID].self) { group in
            for _ in 0..<20 {
                group.addTask {
                    var mine: [DeliveryID] = []
                    while true {
                        let batch = try await world.deliveries.claim(
                            [(webhook: webhook.webhook.id, limit: 7)], lease: .seconds(60))
                        if batch.isEmpty {
                            #expect(!mine.isEmpty, "a worker was starved")
                            return mine
                        }
                        mine += batch.map(\.id)
                    }
                }
            }
            return try await group.reduce(into: [DeliveryID]()) { $0 += $1 }
        }
        #expect(claimed.count == 4000)
        #expect(Set(claimed).count == 4000)
    }
}
