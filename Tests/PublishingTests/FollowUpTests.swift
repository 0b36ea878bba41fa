import Contract
import Core
import Features
import Publishing
import Relational
import TestSupport
import Testing

/// Threads and first comments: each part is published once, after the part that it follows, whatever fails.
@Suite(.serialized) struct FollowUpTests {
    static let thread = ["Second of three", "Third of three"]
    static let comment = "Ask us anything"

    private func create(_ world: PublishingWorld, on platform: Platform) async throws -> Post {
        var input = PostInput()
        input.brandID = world.organization.brandID
        input.caption = "First of three"
        input.platforms = [platform]
        input.scheduledFor = .set(world.clock.now + .seconds(60))
        input.status = .scheduled
        input.thread = .set(
            Self.thread.map { text in
                var part = ThreadPartInput()
                part.part.caption = text
                return part
            })
        input.firstComment = .set(Self.comment)
        return try await world.posts.create(input, for: world.caller)
    }

    /// What the account wrote under its post. The clock stands still, so their order is that of the publications.
    private func remarks(_ world: PublishingWorld, _ platform: Platform, of post: Post) async throws -> [SandboxRemark] {
        let all = try await world.sandbox.remarks(platform: platform, account: world.externalID(platform), limit: 100)
        let order = try await world.publications(of: post).map(\.platformPostID)
        return all.sorted { (order.firstIndex(of: $0.id) ?? .max) < (order.firstIndex(of: $1.id) ?? .max) }
    }

    @Test(arguments: PublishMatrixTests.platforms)
    func eachPartFollowsTheOneBefore(platform: Platform) async throws {
        let world = try await PublishingWorld()
        let post = try await create(world, on: platform)
        try await world.drain()
        let written = try await remarks(world, platform, of: post)
        #expect(written.map(\.text) == Self.thread + [Self.comment])
        let publications = try await world.publications(of: post)
        #expect(publications.map(\.part) == [0, 1, 2, 3])
        #expect(publications.allSatisfy { $0.state == .published })
        #expect(publications.dropFirst().map(\.platformPostID) == written.map { Optional($0.id) })
        let root = try #require(publications.first?.platformPostID)
        if platform == .mastodon {
            #expect(written.map(\.parentID) == [root, written[0].id, root])
        } else {
            #expect(written.allSatisfy { $0.postID == root })
        }
        let settled = try await world.posts.get(post.id, for: world.caller)
        #expect(settled.status == .published)
        let watched = try await world.engine.read { connection in
            try connection.query("SELECT publication_id FROM post_watch") { $0.text(0) }
        }
        #expect(watched == [publications.first?.id.rawValue], "figures are read of the post, not of what follows it")
        let events = try await world.events("post.published")
        #expect(events.count == 1)
        #expect(events.first?["data"]?["platformResults"]?[platform.rawValue]?["postId"]?.string == root)
    }

    @Test(arguments: PublishMatrixTests.platforms, CrashingEngine.Moment.allCases)
    func aCrashAtAnyWriteNeverDoublesAPart(platform: Platform, moment: CrashingEngine.Moment) async throws {
        for fault in ["none", "timeout_after_effect", "timeout_before_effect"] {
            var isCovered = false
            for write in 1...40 where !isCovered {
                let world = try await PublishingWorld()
                let post = try await create(world, on: platform)
                // The post itself is out; what follows meets the fault and the crash.
                try await world.drain(rounds: 1)
                if fault != "none" { try await world.arm(fault, on: platform) }
                let engine = CrashingEngine(world.engine, killedAtWrite: write, moment)
                let doomed = try await world.through(engine)
                try? await doomed.drain()
                isCovered = !engine.isDead
                try await world.posts.publications.releaseAll()
                try await world.drain()
                let written = try await remarks(world, platform, of: post)
                let note: Comment = "killed at write \(write) \(moment) with fault \(fault)"
                #expect(written.map(\.text) == Self.thread + [Self.comment], note)
                let status = try await world.posts.get(post.id, for: world.caller).status
                #expect(status == .published, note)
                let visible = try await world.visible(platform)
                #expect(visible.count == 1, note)
            }
            #expect(isCovered, "some run got through without being killed: every write was covered")
        }
    }

    @Test func whatFollowsAPartThatFailedIsTakenBackAndRetriedAlone() async throws {
        let world = try await PublishingWorld()
        let post = try await create(world, on: .mastodon)
        try await world.drain(rounds: 1)
        try await world.arm("status", status: 422, on: .mastodon)
        try await world.drain()
        var publications = try await world.publications(of: post)
        #expect(publications.map(\.state) == [.published, .failed, .cancelled, .cancelled])
        let failed = try await world.posts.get(post.id, for: world.caller)
        #expect(failed.status == .partiallyPublished)
        #expect(failed.failure?.message.contains("part 1 of what follows") == true)
        _ = try await world.posts.retry(post.id, for: world.caller)
        try await world.drain()
        publications = try await world.publications(of: post)
        #expect(publications.allSatisfy { $0.state == .published })
        let written = try await remarks(world, .mastodon, of: post)
        #expect(written.map(\.text) == Self.thread + [Self.comment])
        let visible = try await world.visible(.mastodon)
        #expect(visible.count == 1)
    }

    @Test func nothingFollowsAPostThatIsNotVisible() async throws {
        let world = try await PublishingWorld()
        let post = try await create(world, on: .facebook)
        try await world.arm("token_revoked", on: .facebook)
        try await world.drain()
        let states = try await world.publications(of: post).map(\.state)
        #expect(states == [.failed, .cancelled, .cancelled, .cancelled])
        let written = try await remarks(world, .facebook, of: post)
        #expect(written.isEmpty)
        let status = try await world.posts.get(post.id, for: world.caller).status
        #expect(status == .failed)
    }

    @Test func aShorterThreadTakesBackWhatWasPlanned() async throws {
        let world = try await PublishingWorld()
        let post = try await create(world, on: .mastodon)
        var change = PostInput()
        change.thread = .clear
        _ = try await world.posts.update(post.id, with: change, for: world.caller)
        try await world.drain()
        let written = try await remarks(world, .mastodon, of: post)
        #expect(written.map(\.text) == [Self.comment])
    }

    @Test func whatAPlatformRefusesIsNamedByItsPlace() async throws {
        let world = try await PublishingWorld()
        var input = PostInput()
        input.brandID = world.organization.brandID
        input.caption = "x"
        input.platforms = [.mastodon]
        var part = ThreadPartInput()
        part.part.caption = String(repeating: "x", count: 501)
        input.thread = .set([part])
        input.firstComment = .set(String(repeating: "y", count: 501))
        let long = input
        let error = await #expect(throws: APIError.self) { try await world.posts.create(long, for: world.caller) }
        #expect(error?.details.map(\.field) == ["thread[0].caption", "firstComment"])
    }
}
