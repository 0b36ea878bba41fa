import Contract
import Core
import Features
import Publishing
import Testing

/// What may be sent again, and how often.
@Suite(.serialized) struct ResendTests {
    @Test func aPlatformThatNeverAnswersAndNeverShowsItIsNotAskedForEver() async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.mastodon])
        try await world.arm("timeout_before_effect", count: 1000, on: .mastodon)
        try await world.drain()
        let failed = try await world.posts.get(post.id, for: world.caller)
        #expect(failed.status == .failed)
        #expect(failed.failure?.code == "proven_absent")
        let publication = try #require(try await world.publications(of: post).first)
        #expect(publication.attempts == PublishPolicy.standard.retries.delays.count + 2)
        #expect(try await world.events("post.failed").count == 1)
    }

    @Test func whatEveryAccountShowsIsNotPublishedAgain() async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([.mastodon])
        try await world.drain()
        for status in [PostStatus.archived, .draft] {
            var step = PostInput()
            step.status = status
            _ = try await world.posts.update(post.id, with: step, for: world.caller)
        }
        await #expect(throws: APIError.self) { _ = try await world.posts.publish(post.id, for: world.caller) }
        var again = PostInput()
        again.status = .scheduled
        again.scheduledFor = .set(world.clock.now + .seconds(60))
        let schedule = again
        await #expect(throws: APIError.self) { _ = try await world.posts.update(post.id, with: schedule, for: world.caller) }
        #expect(try await world.posts.get(post.id, for: world.caller).status == .draft)
        #expect(try await world.visible(.mastodon).count == 1)
    }

    /// Two posts of the same words, both answers lost, looked for at the same moment: the platform shows one of them.
    @Test func oneVisiblePostIsNotTakenForTwo() async throws {
        let world = try await PublishingWorld()
        let recorder = PublicationRecorder(posts: world.posts, accounts: world.accounts)
        let claims = PublicationClaims(posts: world.posts)
        let (first, second) = (try await world.createPost([.mastodon]), try await world.createPost([.mastodon]))
        let start = world.clock.now
        if let due = try await world.posts.publications.nextWake() { world.clock.advance(by: max(due - start, .zero)) }
        var armed: [PostID: Publication] = [:]
        for claimed in try await claims.claim(limit: 10, lease: .seconds(60)) {
            armed[claimed.postID] = try await recorder.arm(claimed, handles: [], lease: .seconds(60))
        }
        let (one, other) = (try #require(armed[first.id]), try #require(armed[second.id]))
        #expect(try await recorder.found(one, platformPostID: "117", permalink: nil, since: start))
        #expect(try await !recorder.found(other, platformPostID: "117", permalink: nil, since: start))
        #expect(try await world.posts.get(first.id, for: world.caller).status == .published)
        #expect(try await world.posts.get(second.id, for: world.caller).status == .publishing)
        #expect(try await recorder.found(other, platformPostID: "118", permalink: nil, since: start))
        #expect(try await world.posts.get(second.id, for: world.caller).status == .published)
    }
}
