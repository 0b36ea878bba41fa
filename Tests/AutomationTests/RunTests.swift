import Contract
import Core
import Relational
import TestSupport
import Testing

@testable import Features

@Suite(.serialized) struct RunTests {
    private let tag: JSONValue = [["type": "add_tags", "tags": ["seen"]]]

    private func draft(_ caption: JSONValue = "{{data.title}}") -> JSONValue {
        [["type": "create_draft_post", "caption": caption]]
    }

    @Test func eachEventMakesEachAutomationRunOnce() async throws {
        let world = try await AutomationWorld()
        let first = try await world.automate(["type": "post.created"], tag)
        let second = try await world.automate(["type": "post.created"], tag)
        let post = try await world.post()
        try await world.drain()
        try await world.drain()
        let (ofFirst, ofSecond) = (try await world.log(first), try await world.log(second))
        #expect(ofFirst.map(\.status) == [.succeeded] && ofSecond.map(\.status) == [.succeeded])
        let tags = try await world.posts.get(post.id, for: world.caller).tags
        #expect(tags == ["seen"])
    }

    @Test(arguments: [true, false])
    func aCrashNeitherLosesNorDoublesARun(isAfter: Bool) async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(
            ["type": "post.created"], draft("Follow-up"), conditions: ["data.title": "Hello"])
        try await world.post()
        let dying = try await world.through(
            CrashingEngine(world.engine, killedAtWrite: 1, isAfter ? .afterWrite : .beforeWrite))
        await #expect(throws: CrashingEngine.Killed.self) { try await dying.drain() }
        try await world.drain()
        let runs = try await world.log(automation).filter { $0.status != .skipped }
        #expect(runs.map(\.status) == [.succeeded])
        let drafts = try await world.count("post WHERE caption = 'Follow-up'")
        #expect(drafts == 1)
    }

    @Test func theLoopGuardEndsAnAutomationThatTriggersItself() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.created"], draft())
        try await world.post()
        try await world.drain()
        let runs = try await world.log(automation)
        #expect(runs.map(\.depth) == [0, 1, 2, 3, 4, 5, 6])
        #expect(runs.map(\.status) == Array(repeating: .succeeded, count: 6) + [.skipped])
        #expect(runs.last?.code == .depthLimit && runs.last?.reason?.contains("chain") == true)
        // A person's own post begins a chain of its own.
        try await world.post()
        try await world.drain()
        let depths = try await world.log(automation).suffix(7).map(\.depth)
        #expect(depths == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test func whatBecomesOfAnAutomationsPostLaterIsPartOfItsChain() async throws {
        let world = try await AutomationWorld()
        try await world.automate(["type": "campaign.started"], draft("Made"), conditions: .null)
        let watching = try await world.automate(["type": "post.updated"], [["type": "send_notification", "title": "x"]])
        var campaign = CampaignInput()
        (campaign.title, campaign.brandID) = ("Sale", world.organization.brandID)
        campaign.startsAt = .set(world.clock.now - .seconds(60))
        // A campaign is about no post: without platforms there is nothing to make.
        _ = try await world.campaigns.create(campaign, for: world.caller)
        try await world.drain()
        let made = try await world.count("post")
        #expect(made == 0)
        try await world.automate(
            ["type": "campaign.started"], [["type": "create_draft_post", "caption": "Made", "platforms": ["mastodon"]]])
        _ = try await world.campaigns.create(campaign, for: world.caller)
        try await world.drain()
        let post = try #require(
            try await world.posts.list(PostFilter(), for: world.caller, page: PageRequest()).items.first)
        world.clock.advance(by: .seconds(86_400))
        var change = PostInput()
        change.caption = "Edited"
        _ = try await world.posts.update(post.id, with: change, for: world.caller)
        try await world.drain()
        let depths = try await world.log(watching).map(\.depth)
        #expect(depths == [1])
    }

    @Test func anActionThatChangesNothingTellsNobody() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.updated"], tag)
        let post = try await world.post()
        var change = PostInput()
        change.caption = "Edited"
        _ = try await world.posts.update(post.id, with: change, for: world.caller)
        try await world.drain()
        let runs = try await world.log(automation)
        #expect(runs.map(\.depth) == [0, 1])
    }

    @Test func aCooldownAndAnHourlyLimitHold() async throws {
        let world = try await AutomationWorld()
        let cool = try await world.automate(["type": "post.created"], tag, [.init("cooldownSeconds", 60)])
        let capped = try await world.automate(["type": "post.created"], tag, [.init("maxRunsPerHour", 2)])
        for _ in 0..<3 {
            try await world.post()
            try await world.drain()
            world.clock.advance(by: .seconds(30))
        }
        let (ofCool, ofCapped) = (try await world.log(cool), try await world.log(capped))
        #expect(ofCool.map(\.code) == [nil, .cooldown, nil])
        #expect(ofCapped.map(\.code) == [nil, nil, .hourlyLimit])
        world.clock.advance(by: .seconds(3600))
        try await world.post()
        try await world.drain()
        let last = try await world.log(capped).last
        #expect(last?.status == .succeeded)
    }

    @Test func onlyWhatHappensAfterItWasEnabledCounts() async throws {
        let world = try await AutomationWorld()
        try await world.post()
        let automation = try await world.automate(["type": "post.created"], tag, [.init("enabled", false)])
        try await world.post()
        try await world.drain()
        _ = try await world.automations.update(automation.id, with: world.input(["enabled": true]), for: world.caller)
        try await world.drain()
        let before = try await world.log(automation)
        #expect(before.isEmpty)
        try await world.post()
        try await world.drain()
        let after = try await world.log(automation)
        #expect(after.count == 1)
    }

    @Test func otherOrganizationsAreNeitherSeenNorTouched() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.created"], tag)
        let stranger = try await world.stranger()
        let theirs = try await world.automate(["type": "post.created"], tag, for: stranger.caller)
        try await world.post("Theirs", brand: stranger.brand, for: stranger.caller)
        try await world.drain()
        let (mine, others) = (try await world.log(automation), try await world.log(theirs, for: stranger.caller))
        #expect(mine.isEmpty && others.count == 1)
        let error = await #expect(throws: APIError.self) { try await world.log(theirs) }
        #expect(error?.code == .notFound)
        let campaign: JSONValue = [
            ["type": "create_draft_post", "caption": "x", "brandId": .string(stranger.brand.rawValue)]
        ]
        let refused = await #expect(throws: APIError.self) { try await world.automate(["type": "post.created"], campaign) }
        #expect(refused?.details.map(\.field) == ["actions[0].brandId"])
    }

    @Test func brandsLimitWhatRunsAndWhoSees() async throws {
        let world = try await AutomationWorld()
        let organization = world.organization.organizationID
        let second = try await world.engine.write { connection in
            try BrandStore(engine: world.engine, ambient: world.ambient).insert(
                name: "Second", colors: Brand.defaultColors, brandCards: true, in: organization, on: connection
            ).id
        }
        var limited = world.caller
        limited.brandIDs = [second]
        let all = try await world.automate(["type": "post.created"], tag)
        let own = try await world.automate(["type": "post.created"], tag, for: limited)
        #expect(own.brandIDs == [second])
        let seen = try await world.automations.list(for: limited, page: PageRequest()).items.map(\.id)
        #expect(seen == [own.id])
        try await world.post()
        try await world.post(brand: second)
        try await world.drain()
        let (ofAll, ofOwn) = (try await world.log(all), try await world.log(own))
        #expect(ofAll.count == 2 && ofOwn.count == 1)
        let foreign: [JSONValue.Member] = [.init("brandIds", [.string(world.organization.brandID.rawValue)])]
        let refused = await #expect(throws: APIError.self) {
            try await world.automate(["type": "post.created"], tag, foreign, for: limited)
        }
        #expect(refused?.details.map(\.field) == ["brandIds[0]"])
    }

    @Test func itActsWithTheRightsThatItsAuthorHasToday() async throws {
        let world = try await AutomationWorld()
        let organization = world.organization.organizationID
        let admin = try await world.engine.write { connection in
            try world.members.add(email: "ada@acme.test", role: .admin, to: organization, on: connection)
        }
        var ada = world.caller
        (ada.userID, ada.role) = (admin, .admin)
        let automation = try await world.automate(["type": "post.created"], tag, for: ada)
        try await world.engine.write { try $0.execute("UPDATE member SET role = 'CREATOR' WHERE user_id = \(admin)") }
        try await world.post()
        try await world.drain()
        let failed = try await world.log(automation)
        #expect(failed.map(\.code) == [.authorLeft] && failed.first?.reason?.contains("PUT /api/automations/") == true)
        _ = try await world.automations.update(automation.id, with: world.input(["name": "Mine now"]), for: world.caller)
        try await world.post()
        try await world.drain()
        let last = try await world.log(automation).last
        #expect(last?.status == .succeeded)
    }

    @Test func aPublishedPostCanStillBeFiledAndAnIllegalStepIsNamed() async throws {
        let world = try await AutomationWorld()
        let filing = try await world.automate(["type": "comment.received"], tag)
        let stepping = try await world.automate(
            ["type": "comment.received"], [["type": "update_post_status", "status": "DRAFT"]])
        let post = try await world.post()
        let comment = CommentReceived(
            itemID: ID("item"), platform: .mastodon, socialAccountID: ID("account"), postID: post.id, author: "Jo",
            text: "Hi", receivedAt: world.clock.now)
        try await world.engine.write { connection in
            try connection.execute("UPDATE post SET status = 'PUBLISHED' WHERE id = \(post.id)")
            try world.posts.outbox.append(
                comment, for: post.organizationID, brand: post.brandID, user: nil, on: connection)
        }
        try await world.drain()
        let (filed, stepped) = (try await world.log(filing), try await world.log(stepping))
        #expect(filed.map(\.status) == [.succeeded])
        #expect(stepped.map(\.status) == [.failed])
        #expect(stepped.first?.results.first?.error?.contains("allowed from PUBLISHED: ARCHIVED") == true)
    }

    @Test func testEventsMoveNothing() async throws {
        let world = try await AutomationWorld()
        let automation = try await world.automate(["type": "post.published"], [["type": "send_notification", "title": "x"]])
        _ = try await world.runs.events.trigger(PostPublished.self, brand: nil, for: world.caller)
        try await world.drain()
        let runs = try await world.log(automation)
        #expect(runs.isEmpty)
    }
}
