import Contract
import Core
import Relational
import SQLiteEngine
import Testing

@testable import Features

/// The inbox's questions are answered from an index, however much is there.
@Suite(.serialized) struct InboxQueryTests {
    private struct Place {
        var caller: Caller
        var account: SocialAccount
        var item: InboxItem
    }

    private func plan(_ query: (Place) -> Query) async throws -> [String] {
        let world = try await InboxWorld()
        _ = try await world.mention("Hi", .mastodon)
        try await world.work()
        let item = try #require(try await world.items().first)
        let engine = try #require(world.world.engine as? SQLiteEngine)
        let place = Place(caller: world.world.caller, account: try await world.account(.mastodon), item: item)
        return try await engine.explain(query(place))
    }

    /// What names an organization alone reads all that it has.
    private func readsAll(_ plan: [String]) -> Bool {
        plan.contains { $0.hasPrefix("SCAN") || $0.hasSuffix("USING PRIMARY KEY (organization_id=?)") }
    }

    @Test func repliesAreReadByTheirItems() async throws {
        let plan = try await plan { InboxQueries.replies(to: [$0.item, $0.item], in: $0.account.organizationID) }
        #expect(!readsAll(plan), "\(plan)")
    }

    @Test func whatARemarkAnswersIsFoundByItsId() async throws {
        let parts = try await plan { InboxQueries.post(ofPart: "1", of: $0.account) }
        #expect(!readsAll(parts), "\(parts)")
        let comments = try await plan { InboxQueries.post(ofComment: "1", of: $0.account) }
        #expect(!readsAll(comments), "\(comments)")
        let replies = try await plan { InboxQueries.post(ofReply: "1", of: $0.account) }
        #expect(!readsAll(replies), "\(replies)")
    }

    @Test(arguments: ["status", "post", "assignee"])
    func aListByOneFilterReadsItsPage(name: String) async throws {
        var filter = InboxFilter()
        switch name {
        case "status": filter.statuses = [.new]
        case "post": filter.postID = PostID("p")
        default: filter.assigneeID = UserID("u")
        }
        let asked = filter
        let plan = try await plan { InboxQueries.list(asked, for: $0.caller, PageRequest(limit: 20)) }
        #expect(!readsAll(plan), "\(plan)")
    }

    @Test func listsByOneFilterFollowEachOtherBothWays() async throws {
        let world = try await InboxWorld()
        for number in 0..<5 { _ = try await world.mention("m\(number)", .mastodon) }
        try await world.work()
        var filter = InboxFilter()
        filter.statuses = [.new]
        let all = try await world.items().map(\.id)
        #expect(all.count == 5)
        let first = try await world.inbox.list(filter, for: world.world.caller, page: PageRequest(limit: 2))
        #expect(first.items.map(\.id) == Array(all[..<2]))
        let next = PageRequest(limit: 2, after: Cursor(all[1]))
        let second = try await world.inbox.list(filter, for: world.world.caller, page: next)
        #expect(second.items.map(\.id) == Array(all[2..<4]))
        let back = PageRequest(limit: 2, before: Cursor(all[2]))
        #expect(try await world.inbox.list(filter, for: world.world.caller, page: back).items.map(\.id) == Array(all[..<2]))
    }
}
