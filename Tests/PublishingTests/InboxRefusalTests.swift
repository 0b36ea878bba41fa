import Core
import Features
import Outbound
import Platforms
import Publishing
import Testing

/// What a platform refuses stops no more than what it refused.
@Suite(.serialized) struct InboxRefusalTests {
    private static let nothing = AnsweringPlatform.json(#"{"data":[]}"#)
    private static let notPermitted = AnsweringPlatform.json(
        #"{"error":{"message":"(#10) Not permitted","type":"OAuthException","code":10}}"#, status: 403)

    @Test(arguments: [
        #"{"error":{"message":"(#10) Not permitted","code":10}}"#,
        #"{"error":{"message":"It does not exist, or this token may not see it","code":100,"error_subcode":33}}"#,
    ])
    func aPostWhoseCommentsAreRefusedIsAskedAgain(refusal: String) async throws {
        let world = try await InboxWorld()
        let account = try await world.connect(.instagram, as: "17")
        try await world.watch("5", of: account)
        func look(_ comments: OutboundResponse) async throws {
            let platform = AnsweringPlatform { $0.url.contains("/5/comments") ? comments : Self.nothing }
            let worker = world.worker(client: platform)
            for job in try await worker.claim(.instagram, limit: 1) { await worker.run(job) }
        }
        try await look(AnsweringPlatform.json(refusal, status: 400))
        let state = try #require(
            try await world.inbox.summary(InboxFilter(), for: world.world.caller).accounts.first { $0.accountID == account.id })
        #expect(state.lastError != nil)
        // The person has given the permission since.
        let comment = #"{"id":"6","text":"Hi","timestamp":"2026-02-03T10:30:10+0000","username":"jane"}"#
        world.world.clock.advance(by: .seconds(3600))
        try await look(AnsweringPlatform.json(#"{"data":[\#(comment)]}"#))
        #expect(try await world.items().map(\.text) == ["Hi"])
    }

    @Test func mentionsThatAreRefusedDelayNoComments() async throws {
        let world = try await InboxWorld()
        let account = try await world.connect(.instagram, as: "17")
        try await world.watch("5", of: account)
        let worker = world.worker(
            client: AnsweringPlatform { $0.url.contains("/tags") ? Self.notPermitted : Self.nothing })
        for _ in 0..<5 {
            let next = try #require(try await world.inbox.nextPoll(.instagram))
            if next > world.world.clock.now { world.world.clock.set(next) }
            for job in try await worker.claim(.instagram, limit: 1) { await worker.run(job) }
        }
        // The post is in its first hour.
        #expect(try await world.inbox.nextPoll(.instagram) == world.world.clock.now + .seconds(60))
        let state = try #require(
            try await world.inbox.summary(InboxFilter(), for: world.world.caller).accounts.first { $0.accountID == account.id })
        #expect(state.lastError != nil)
    }
}
