import Contract
import Core
import Features
import Outbound
import Platforms
import Publishing
import Relational
import Synchronization
import TestSupport
import Testing

private let inboxPlatforms: [Platform] = [.mastodon, .instagram, .facebook]

@Suite(.serialized) struct InboxTests {
    @Test(arguments: inboxPlatforms)
    func aCommentAndAMentionBecomeItemsAndOneEventEach(platform: Platform) async throws {
        let world = try await InboxWorld()
        let post = try await world.publish(platform)
        let comment = try await world.comment("Love it!", on: post.post.rawValue, platform)
        let mention = try await world.mention("Thanks to @acme", platform)
        // On Mastodon a comment is told twice: as a notification and in the post's context.
        try await world.work()
        _ = try await world.inbox.refresh(nil, for: world.world.caller)
        try await world.work()
        let items = try await world.items().sorted { $0.receivedAt < $1.receivedAt || $0.kind.rawValue < $1.kind.rawValue }
        #expect(items.map(\.kind) == [.comment, .mention])
        #expect(items.map(\.platformItemID) == [comment.id, mention.id])
        #expect(items.map(\.author) == ["jane", "joe"])
        #expect(items.first?.postID == post.post)
        #expect(items.first?.platformPostID == post.platformID)
        #expect(items.first?.parentPlatformItemID == nil)

        let told = try #require(try await world.events("comment.received").first)
        #expect(try await world.events("comment.received").count == 1)
        #expect(try await world.events("mention.detected").count == 1)
        #expect(told.object?.map(\.key) == ["event", "timestamp", "data", "organizationId", "brandId"])
        #expect(told["data"]?["postId"]?.string == post.post.rawValue)
        #expect(told["data"]?["author"]?.string == "jane")
        #expect(told["data"]?["text"]?.string == "Love it!")
        #expect(told["brandId"]?.string == world.world.organization.brandID.rawValue)
    }

    @Test func anAnswerToACommentIsACommentToo() async throws {
        let world = try await InboxWorld()
        let account = try await world.account(.mastodon)
        let post = try await world.publish(.mastodon)
        _ = try await world.comment("First", on: post.platformID, .mastodon)
        try await world.work()
        let first = try #require(try await world.items().first)
        _ = try await world.answer(first)
        try await world.work()
        let ours = try #require(try await world.answers(.mastodon).first)
        func remark(_ id: String, answering parent: String) -> IncomingRemark {
            IncomingRemark(
                kind: .mention, platformItemID: id, platformPostID: nil, parentPlatformItemID: parent, authorHandle: "jane",
                authorName: nil, authorAvatarURL: nil, text: id, permalink: nil, writtenAt: world.world.clock.now)
        }
        try await world.inbox.receive(
            [
                remark("a", answering: first.platformItemID), remark("b", answering: ours.id),
                remark("c", answering: post.platformID), remark("d", answering: "elsewhere"),
                remark(ours.id, answering: first.platformItemID), remark(post.platformID, answering: "x"),
            ], for: account)
        let items = try await world.items()
        func kind(_ id: String) -> InboxItem? { items.first { $0.platformItemID == id } }
        #expect(["a", "b", "c", "d"].map { kind($0)?.kind } == [.comment, .comment, .comment, .mention])
        #expect(["a", "b", "c", "d"].map { kind($0)?.postID } == [post.post, post.post, post.post, nil])
        // Neither our reply nor our post is an item.
        #expect(items.count == 5)
    }

    @Test func anAnswerToALaterPartOfAThreadIsACommentOnThePost() async throws {
        let world = try await InboxWorld()
        var input = PostInput()
        input.brandID = world.world.organization.brandID
        input.caption = "First of two"
        input.platforms = [.mastodon]
        input.scheduledFor = .set(world.world.clock.now + .seconds(60))
        input.status = .scheduled
        var part = ThreadPartInput()
        part.part.caption = "Second of two"
        input.thread = .set([part])
        let post = try await world.world.posts.create(input, for: world.world.caller)
        try await world.world.drain()
        let parts = try await world.world.publications(of: post).compactMap(\.platformPostID)
        try #require(parts.count == 2)
        // A notification says only what is answered.
        let remark = IncomingRemark(
            kind: .mention, platformItemID: "a", platformPostID: nil, parentPlatformItemID: parts[1], authorHandle: "jane",
            authorName: nil, authorAvatarURL: nil, text: "To the second", permalink: nil, writtenAt: world.world.clock.now)
        try await world.inbox.receive([remark], for: try await world.account(.mastodon))
        let item = try #require(try await world.items().first)
        #expect(item.kind == .comment)
        #expect(item.postID == post.id)
        #expect(item.platformPostID == parts[0])
        #expect(item.parentPlatformItemID == parts[1])
        #expect(try await world.events("mention.detected").isEmpty)
    }

    @Test func pollAndWebhookAtTheSameMomentMakeOneItemAndOneEvent() async throws {
        let world = try await InboxWorld()
        let account = try await world.account(.facebook)
        let post = try await world.publish(.facebook)
        let comment = try await world.comment("Nice", on: post.platformID, .facebook)
        let body =
            #"{"object":"page","entry":[{"id":"\#(account.externalID)","time":1,"changes":[{"field":"feed","value":{"item":"comment","#
            + #""verb":"add","comment_id":"\#(comment.id)","post_id":"\#(post.platformID)","parent_id":"\#(post.platformID)","#
            + #""from":{"id":"9","name":"jane"},"message":"Nice","created_time":1770114600}}]}]}"#
        for _ in 0..<2 { try await world.inbox.keep(notice: body) }
        let worker = world.worker()
        let notices = try await worker.claim(.notices, limit: 10)
        let polls = try await worker.claim(.sandbox, limit: 10)
        #expect(notices.count == 1)
        await withTaskGroup(of: Void.self) { group in
            for job in notices + polls + notices { group.addTask { await worker.run(job) } }
        }
        #expect(try await world.items().map(\.platformItemID) == [comment.id])
        #expect(try await world.events("comment.received").count == 1)
        #expect(try await world.inbox.nextNotice() == nil)
    }

    @Test func aNoticeThatOnlyNamesAMentionIsLookedUpAndTriedAgain() async throws {
        let world = try await InboxWorld()
        let account = try await world.account(.instagram)
        let mention = try await world.mention("Look at @acme", .instagram)
        let body =
            #"{"object":"instagram","entry":[{"id":"\#(account.externalID)","time":1,"changes":[{"field":"mentions","#
            + #""value":{"media_id":"\#(mention.id)"}}]}]}"#
        try await world.inbox.keep(notice: body)
        let worker = world.worker()
        try await world.world.arm("status", step: "read", status: 503, on: .instagram)
        for job in try await worker.claim(.notices, limit: 1) { await worker.run(job) }
        #expect(try await world.items().isEmpty)
        let next = try #require(try await world.inbox.nextNotice())
        #expect(next > world.world.clock.now)
        world.world.clock.set(next)
        for job in try await worker.claim(.notices, limit: 1) { await worker.run(job) }
        #expect(try await world.items().map(\.text) == ["Look at @acme"])
        #expect(try await world.events("mention.detected").count == 1)
    }

    @Test(arguments: CrashingEngine.Moment.allCases)
    func aCrashAnywhereInALookLosesNothingAndTellsOnce(moment: CrashingEngine.Moment) async throws {
        for write in 1...9 {
            let world = try await InboxWorld()
            let post = try await world.publish(.mastodon)
            _ = try await world.comment("Love it!", on: post.platformID, .mastodon)
            _ = try await world.mention("Thanks", .mastodon)
            let engine = CrashingEngine(world.world.engine, killedAtWrite: write, moment)
            let dying = try await world.through(engine)
            try? await dying.work()
            try await world.inbox.releaseAbandoned()
            try await world.work()
            #expect(try await world.items().count == 2)
            #expect(try await world.events("comment.received").count == 1)
            #expect(try await world.events("mention.detected").count == 1)
        }
    }

    @Test func anAccountThatIsAskedForDuringALookIsLookedAtAgain() async throws {
        let world = try await InboxWorld()
        let post = try await world.publish(.mastodon)
        _ = try await world.comment("One", on: post.platformID, .mastodon)
        let worker = world.worker()
        let claimed = try await worker.claim(.sandbox, limit: 10)
        _ = try await world.comment("Two", on: post.platformID, .mastodon)
        for job in claimed { await worker.run(job) }
        #expect(try await world.inbox.nextPoll(.sandbox).map { $0 <= world.world.clock.now } == true)
        try await world.work()
        #expect(try await world.items().count == 2)
        #expect(try await world.events("comment.received").count == 2)
    }

    @Test func aRefusedTokenParksTheAccountAndAFailureIsTriedLater() async throws {
        let world = try await InboxWorld()
        _ = try await world.mention("Hi", .instagram)
        try await world.world.arm("status", step: "read", status: 500, count: 1, on: .instagram)
        try await world.work()
        let summary = try await world.inbox.summary(InboxFilter(), for: world.world.caller)
        let state = try #require(summary.accounts.first { $0.lastError != nil })
        #expect(state.nextCheckAt == world.world.clock.now + .seconds(120))
        world.world.clock.advance(by: .seconds(120))
        try await world.work()
        #expect(try await world.items().count == 1)

        try await world.world.arm("token_revoked", step: "read", count: 5, on: .instagram)
        _ = try await world.mention("Again", .instagram)
        try await world.work()
        #expect(try await world.account(.instagram).status == .needsReconnect)
        #expect(try await world.events("account.disconnected").count == 1)
        #expect(try await world.items().count == 1)
    }

    @Test func aPostIsLookedAtWithTheFirstLookAfterItsPublication() async throws {
        let world = try await InboxWorld()
        let account = try await world.account(.mastodon)
        let post = try await world.publish(.mastodon)
        try await world.world.engine.write { connection in
            try connection.execute("UPDATE social_account SET is_sandbox = FALSE WHERE id = \(account.id)")
        }
        try await world.inbox.enlist()
        let real = try await world.account(.mastodon)
        #expect(try await world.inbox.dueWatches(of: real).map(\.platformPostID) == [post.platformID])
    }

    @Test func aLookSendsNoMoreRequestsThanItsQuota() async throws {
        let world = try await InboxWorld()
        var account = try await world.account(.mastodon)
        account.id = world.world.ambient.newID()
        account.isSandbox = false
        account.externalID = "77"
        account.baseURL = "https://social.example"
        let real = account
        let id = account.id.rawValue
        try await world.world.engine.write { connection in
            try world.world.accounts.insert(real, token: Secret("t"), on: connection)
            for number in 0..<60 {
                let post = "watched\(number)"
                try connection.execute(
                    """
                    INSERT INTO inbox_watch (organization_id, social_account_id, platform_post_id, post_id, published_at, next_at)
                    VALUES (\(real.organizationID), \(real.id), \(post), 'p', \(real.createdAt), 1)
                    """)
            }
        }
        try await world.inbox.enlist()
        let platform = CountingPlatform()
        let worker = world.worker(client: platform)
        for job in try await worker.claim(.mastodon, limit: 5) { await worker.run(job) }
        #expect(platform.count <= InboxPlan.requestsPerLook)
        #expect(platform.count == 1 + InboxPlan.postsPerLook)
        let next = try #require(try await world.inbox.nextPoll(.mastodon))
        #expect(next == world.world.clock.now + InboxPlan.leastPause)
        #expect(!id.isEmpty)
    }

    @Test(arguments: [
        (0 as Int64, 60 as Int64?), (3599, 60), (3600, 300), (86_400, 3600), (604_800, 43_200), (2_592_000, nil),
    ])
    func olderPostsAreAskedLessOften(age: Int64, pause: Int64?) {
        #expect(InboxPlan.pause(postAge: .seconds(age)) == pause.map { .seconds($0) })
    }

    @Test func anAccountIsLookedAtForItsMentionsOrEarlierForAPost() {
        let now = Instant(seconds: 1_000_000)
        func next(_ post: Int64?, isSandbox: Bool = false) -> Instant? {
            InboxPlan.next(after: now, nextPost: post.map { now + .seconds($0) }, isSandbox: isSandbox)
        }
        #expect(next(nil) == now + .seconds(120))
        #expect(next(90) == now + .seconds(90))
        #expect(next(-500) == now + .seconds(60))
        #expect(next(9000) == now + .seconds(120))
        #expect(next(nil, isSandbox: true) == nil)
        #expect(next(-500, isSandbox: true) == now)
    }

    @Test func whoMayNotSeeTheBrandSeesNoItem() async throws {
        let world = try await InboxWorld()
        _ = try await world.mention("Hi", .mastodon)
        try await world.work()
        let item = try #require(try await world.items().first)
        var other = world.world.caller
        other.brandIDs = [BrandID("another")]
        #expect(try await world.inbox.list(InboxFilter(), for: other, page: PageRequest()).items.isEmpty)
        let stranger = other
        await #expect(throws: APIError.self) { _ = try await world.inbox.get(item.id, for: stranger) }
        var foreign = world.world.caller
        foreign.organizationID = OrganizationID("another")
        let foreigner = foreign
        await #expect(throws: APIError.self) { _ = try await world.inbox.get(item.id, for: foreigner) }
        var developer = world.world.caller
        developer.isDevelopment = true
        #expect(try await world.inbox.get(item.id, for: developer).id == item.id)
    }
}

/// Answers every question with nothing, and counts them.
private final class CountingPlatform: Transport {
    private let state = Mutex(0)
    var count: Int { state.withLock { $0 } }

    func send(_ request: OutboundRequest) async throws(OutboundError) -> OutboundResponse {
        state.withLock { $0 += 1 }
        let body = request.url.contains("/context") ? #"{"ancestors":[],"descendants":[]}"# : "[]"
        return OutboundResponse(status: 200, body: Array(body.utf8))
    }
}
