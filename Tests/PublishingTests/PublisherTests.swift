import Contract
import Core
import Features
import Platforms
import Publishing
import Relational
import Testing

@Suite(.serialized) struct PublisherTests {
    @Test func aScheduledPostTellsItsWholeLife() async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.instagram, .facebook])
        try await world.drain()
        let told = try await world.events().compactMap { $0["event"]?.string }
        #expect(
            told == [
                "post.created", "post.scheduled", "post.status_changed", "post.status_changed", "post.published",
            ])
        let published = try #require(try await world.events("post.published").first)
        #expect(published["data"]?["postId"]?.string == post.id.rawValue)
        #expect(published["data"]?["platformResults"]?["instagram"]?["success"]?.bool == true)
        let shown = try await world.visible(.facebook)
        #expect(published["data"]?["platformResults"]?["facebook"]?["postId"]?.string == shown.first?.id)
        #expect(published["userId"] == nil)
        #expect(try await world.events("post.created").first?["userId"]?.string == world.organization.userID.rawValue)
        #expect(published.object?.map(\.key) == ["event", "timestamp", "data", "organizationId", "brandId"])
        #expect(published["data"]?.object?.map(\.key) == ["postId", "title", "platforms", "scheduledFor", "platformResults"])
    }

    @Test func nothingIsPublishedBeforeItsTime() async throws {
        let world = try await PublishingWorld()
        _ = try await world.createPost([.mastodon])
        world.clock.advance(by: .seconds(59))
        #expect(try await PublicationClaims(posts: world.posts).claim(limit: 10, lease: .seconds(60)).isEmpty)
        world.clock.advance(by: .seconds(1))
        #expect(try await PublicationClaims(posts: world.posts).claim(limit: 10, lease: .seconds(60)).count == 1)
    }

    @Test func onePlatformsFailureLeavesTheOthersVisible() async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.mastodon, .facebook])
        try await world.arm("status", status: 422, count: 1000, on: .mastodon)
        try await world.drain()
        let now = try await world.posts.get(post.id, for: world.caller)
        #expect(now.status == .partiallyPublished)
        #expect(now.failure?.message.hasPrefix("mastodon:") == true)
        #expect(try await world.events("post.published").count == 1)
        #expect(try await world.events("post.failed").count == 1)
        // Publishing again sends only where it failed.
        _ = try await world.posts.publish(post.id, for: world.caller)
        try await world.drain()
        #expect(try await world.visible(.facebook).count == 1)
    }

    @Test func aRefusedTokenParksTheAccount() async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.instagram])
        try await world.arm("token_revoked", on: .instagram)
        try await world.drain()
        let account = try #require(world.organization.accounts.first { $0.platform == .instagram })
        #expect(try await world.accounts.find(account.id, for: world.caller)?.status == .needsReconnect)
        #expect(try await world.posts.get(post.id, for: world.caller).status == .failed)
    }

    @Test func aWorkerWhoseClaimWasTakenOverWritesNothing() async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.mastodon])
        world.clock.advance(by: .seconds(60))
        let claims = PublicationClaims(posts: world.posts)
        let stale = try #require(try await claims.claim(limit: 1, lease: .seconds(30)).first)
        world.clock.advance(by: .seconds(31))
        let fresh = try #require(try await claims.claim(limit: 1, lease: .seconds(30)).first)
        #expect(fresh.fencingToken == stale.fencingToken + 1)
        let recorder = PublicationRecorder(posts: world.posts, accounts: world.accounts)
        await #expect(throws: LostClaim.self) { _ = try await recorder.arm(stale, handles: [], lease: .seconds(30)) }
        await #expect(throws: LostClaim.self) { try await recorder.published(stale, platformPostID: "1", permalink: nil) }
        #expect(try await world.publications(of: post).first?.state == .publishing)
    }

    @Test(arguments: [true, false])
    func aPersonCanSayWhatNobodyCouldFindOut(isLive: Bool) async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.facebook])
        try await world.arm("timeout_before_effect", on: .facebook)
        try await world.arm("status", step: "read", status: 503, count: 1000, on: .facebook)
        try await world.drain()
        #expect(try await world.posts.get(post.id, for: world.caller).status == .needsAttention)
        var input = ResolveInput()
        input.isLive = isLive
        let resolved = try await world.posts.resolve(post.id, with: input, for: world.caller)
        #expect(resolved.status == (isLive ? .published : .failed))
        #expect(try await world.events(isLive ? "post.published" : "post.failed").count == 1)
        await #expect(throws: APIError.self) { _ = try await world.posts.resolve(post.id, with: input, for: world.caller) }
        guard !isLive else { return }
        try await world.arm("status", step: "read", status: 503, count: 1, on: .facebook)
        _ = try await world.posts.publish(post.id, for: world.caller)
        try await world.drain()
        #expect(try await world.visible(.facebook).count == 1)
    }

    @Test func aCancelledPostIsNotPublished() async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.mastodon])
        var change = PostInput()
        change.status = .cancelled
        _ = try await world.posts.update(post.id, with: change, for: world.caller)
        try await world.drain()
        #expect(try await world.visible(.mastodon).isEmpty)
        #expect(try await world.publications(of: post).map(\.state) == [.cancelled])
    }
}
