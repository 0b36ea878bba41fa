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
}
