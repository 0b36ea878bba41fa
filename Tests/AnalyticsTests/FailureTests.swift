import Core
import Platforms
import Relational
import SQLiteEngine
import Testing

@testable import Features

@Suite(.serialized) struct FailureTests {
    /// A post whose readings fail and fail is looked at as the plan says, and no more when the plan is over: a platform that
    /// is gone for good, or an account that was disconnected, is no work for ever.
    @Test(arguments: [InsightFailure(.paused, "gone"), InsightFailure(.later, "no answer")])
    func whatFailsForEverEndsWithThePlan(failure: InsightFailure) async throws {
        let world = try await AnalyticsWorld()
        let (_, id) = try await world.publish(.mastodon)
        let published = world.clock.now
        var looks = 0
        while let due = try #require(try await world.watch(id)).dueAt {
            try #require(looks < 200, "looked at \(looks) times until \(due)")
            world.clock.set(max(due, world.clock.now))
            let watch = try #require(try await world.watch(id))
            try await world.insights.record(.failed(failure), of: .post(watch))
            looks += 1
        }
        #expect(looks <= PollPlan.offsets.count + 5)
        #expect(world.clock.now <= published + .seconds(91 * 86_400))
    }

    /// An account is looked at every day whatever happens, so that it goes on by itself when it is connected again.
    @Test func anAccountThatFailsIsLookedAtAgain() async throws {
        let world = try await AnalyticsWorld()
        try await world.readAll()
        let account = world.account(.mastodon)
        let organization = world.organization.organizationID
        func watch() async throws -> AccountWatch {
            try #require(
                try await world.engine.read { connection in
                    try connection.first(InsightQueries.account(account, in: organization), InsightQueries.decodeAccount)
                })
        }
        for _ in 0..<8 {
            try await world.insights.record(.failed(InsightFailure(.later, "no answer")), of: .account(try await watch()))
        }
        #expect(try await watch().dueAt == world.clock.now + .seconds(86_400))
        try await world.insights.record(.failed(InsightFailure(.paused, "gone")), of: .account(try await watch()))
        #expect(try await watch().dueAt == world.clock.now + .seconds(3600))
    }
}
