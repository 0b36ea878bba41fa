import Core
import Features
import Publishing
import TestSupport
import Testing

/// The product's proof: whatever fails and wherever the process dies, nothing is visible twice and nothing is forgotten.
@Suite(.serialized) struct PublishMatrixTests {
    static let platforms: [Platform] = [.mastodon, .instagram, .facebook]
    static let faults = [
        "none", "status", "timeout_before_effect", "timeout_after_effect", "error_after_effect", "rate_limit", "token_revoked",
    ]

    @Test(arguments: platforms, faults)
    func aFaultNeverMakesAPostVisibleTwice(platform: Platform, fault: String) async throws {
        let world = try await PublishingWorld()
        let post = try await world.createPost([platform])
        if fault != "none" { try await world.arm(fault, on: platform) }
        try await world.drain()
        try await expectHonest(world, post, platform)
        if fault == "none" || fault.hasSuffix("after_effect") {
            #expect(try await world.visible(platform).count == 1)
        }
    }

    @Test(arguments: platforms, CrashingEngine.Moment.allCases)
    func aCrashAtAnyWriteNeverMakesAPostVisibleTwice(platform: Platform, moment: CrashingEngine.Moment) async throws {
        for fault in ["none", "timeout_after_effect", "timeout_before_effect"] {
            var isCovered = false
            for write in 1...30 where !isCovered {
                let world = try await PublishingWorld()
                let post = try await world.createPost([platform])
                if fault != "none" { try await world.arm(fault, on: platform) }
                let engine = CrashingEngine(world.engine, killedAtWrite: write, moment)
                let doomed = try await world.through(engine)
                try? await doomed.drain()
                isCovered = !engine.isDead
                try await world.posts.publications.releaseAll()
                try await world.drain()
                try await expectHonest(world, post, platform, "killed at write \(write) \(moment) with fault \(fault)")
                let state = try await world.publications(of: post).first?.state
                #expect(state == .published, "killed at write \(write) \(moment) with fault \(fault)")
            }
            #expect(isCovered, "some run got through without being killed: every write was covered")
        }
    }

    /// What the database says is what the public sees.
    private func expectHonest(_ world: PublishingWorld, _ post: Post, _ platform: Platform, _ note: String = "") async throws {
        let visible = try await world.visible(platform)
        #expect(visible.count <= 1, "\(note)")
        let publication = try #require(try await world.publications(of: post).first)
        #expect(publication.state.isSettled, "\(note)")
        #expect((publication.state == .published) == (visible.count == 1) || publication.state == .needsAttention, "\(note)")
        if let shown = visible.first, publication.state == .published {
            #expect(publication.platformPostID == shown.id, "\(note)")
        }
        let now = try await world.posts.get(post.id, for: world.caller)
        #expect(now.status == PostSettlement.status(of: [publication]), "\(note)")
        let settledEvents = try await world.events().filter { ["post.published", "post.failed"].contains($0["event"]?.string) }
        #expect(settledEvents.count == (publication.state == .needsAttention ? 0 : 1), "\(note)")
    }
}
