import Contract
import Core
import Features
import Publishing
import Testing

/// A paused campaign holds its posts, and gives each account back its own time.
@Suite(.serialized) struct CampaignHoldTests {
    private struct Scene {
        let world: PublishingWorld
        let campaigns: CampaignStore
        let campaign: Campaign
        let post: Post
        /// When the post, and the account with a time of its own, are due.
        let time: Instant, later: Instant

        /// When each account is due, by platform.
        func due() async throws -> [Platform: Instant?] {
            let publications = try await world.publications(of: post)
            return Dictionary(publications.map { ($0.platform, $0.wakeAt) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private func scene() async throws -> Scene {
        let world = try await PublishingWorld()
        let campaigns = CampaignStore(
            engine: world.engine, ambient: world.ambient, outbox: Outbox(ambient: world.ambient),
            brands: BrandStore(engine: world.engine, ambient: world.ambient), posts: world.posts)
        var outline = CampaignInput()
        outline.title = "Summer"
        outline.brandID = world.organization.brandID
        outline.startsAt = .set(world.clock.now)
        let campaign = try await campaigns.create(outline, for: world.caller)
        let (time, later) = (world.clock.now + .seconds(600), world.clock.now + .seconds(7200))
        var override = PostOverrideInput()
        override.override.accountID = try #require(world.organization.accounts.first { $0.platform == .facebook }?.id)
        override.override.scheduledFor = later
        var input = PostInput()
        input.brandID = world.organization.brandID
        input.caption = "Two times"
        input.platforms = [.mastodon, .facebook]
        input.scheduledFor = .set(time)
        input.status = .scheduled
        input.campaignID = .set(campaign.id)
        input.overrides = .set([override])
        let post = try await world.posts.create(input, for: world.caller)
        return Scene(world: world, campaigns: campaigns, campaign: campaign, post: post, time: time, later: later)
    }

    @Test func eachAccountGetsItsOwnTimeBack() async throws {
        let scene = try await scene()
        _ = try await scene.campaigns.pause(scene.campaign.id, for: scene.world.caller)
        _ = try await scene.campaigns.resume(scene.campaign.id, for: scene.world.caller)
        #expect(try await scene.due() == [.mastodon: scene.time, .facebook: scene.later])
    }

    @Test func anAccountThatIsStillToComeIsHeldToo() async throws {
        let scene = try await scene()
        try await scene.world.drain(rounds: 1)
        #expect(try await scene.world.visible(.mastodon).count == 1)
        _ = try await scene.campaigns.pause(scene.campaign.id, for: scene.world.caller)
        scene.world.clock.set(scene.later + .seconds(60))
        let claims = PublicationClaims(posts: scene.world.posts)
        #expect(try await claims.claim(limit: 10, lease: .seconds(60)).isEmpty)
        _ = try await scene.campaigns.resume(scene.campaign.id, for: scene.world.caller)
        try await scene.world.drain(rounds: 1)
        #expect(try await scene.world.visible(.facebook).count == 1)
        #expect(try await scene.world.posts.get(scene.post.id, for: scene.world.caller).status == .published)
    }

    @Test func whatIsOutOnSomeAccountsGoesOnWhenTheCampaignIsCancelled() async throws {
        let scene = try await scene()
        try await scene.world.drain(rounds: 1)
        _ = try await scene.campaigns.pause(scene.campaign.id, for: scene.world.caller)
        _ = try await scene.campaigns.cancel(scene.campaign.id, for: scene.world.caller)
        try await scene.world.drain(rounds: 1)
        #expect(try await scene.world.posts.get(scene.post.id, for: scene.world.caller).status == .published)
    }
}
