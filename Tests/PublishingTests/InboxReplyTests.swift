import Contract
import Core
import Features
import Platforms
import Publishing
import Relational
import TestSupport
import Testing

private let inboxPlatforms: [Platform] = [.mastodon, .instagram, .facebook]

/// A reply is visible once or not at all, whatever dies or stays silent.
@Suite(.serialized) struct InboxReplyTests {
    private func commented(_ platform: Platform) async throws -> (world: InboxWorld, item: InboxItem) {
        let world = try await InboxWorld()
        let post = try await world.publish(platform)
        _ = try await world.comment("Love it!", on: post.platformID, platform)
        try await world.work()
        return (world, try #require(try await world.items().first))
    }

    @Test(arguments: inboxPlatforms)
    func aReplyIsSentOnceAndMarksTheItem(platform: Platform) async throws {
        let (world, item) = try await commented(platform)
        let pending = try await world.answer(item)
        #expect(pending.replies.map(\.state) == [.pending])
        #expect(try await world.answers(platform).isEmpty)
        try await world.work()
        let now = try await world.inbox.get(item.id, for: world.world.caller)
        #expect(now.status == .replied)
        #expect(now.replies.map(\.state) == [.sent])
        let answers = try await world.answers(platform)
        #expect(answers.map(\.id) == now.replies.map(\.platformID))
        #expect(answers.first?.parentID == item.platformItemID)
        // Seeing it again on the platform makes no item of it.
        _ = try await world.comment("And more", on: item.platformPostID ?? "", platform)
        try await world.work()
        #expect(try await world.items().count == 2)
    }

    @Test(arguments: inboxPlatforms, CrashingEngine.Moment.allCases)
    func noCrashMakesTwoOfOne(platform: Platform, moment: CrashingEngine.Moment) async throws {
        for write in 1...4 {
            let (world, item) = try await commented(platform)
            _ = try await world.answer(item)
            let dying = try await world.through(CrashingEngine(world.world.engine, killedAtWrite: write, moment))
            try? await dying.work()
            try await world.inbox.releaseAbandoned()
            try await world.settleReplies()
            let answers = try await world.answers(platform)
            let reply = try #require(try await world.inbox.get(item.id, for: world.world.caller).replies.first)
            #expect(answers.count <= 1)
            switch reply.state {
            case .sent: #expect(answers.map(\.id) == [reply.platformID])
            // Only where nothing tells whether the request was made before the crash, and it was not.
            case .unknown: #expect(platform != .mastodon && answers.isEmpty)
            case .pending, .sending, .failed: Issue.record("left in \(reply.state)")
            }
        }
    }

    @Test(arguments: inboxPlatforms, ["timeout_after_effect", "error_after_effect", "timeout_before_effect", "status"])
    func anAnswerThatSaysNothingIsFollowedByALookNotByASecondReply(platform: Platform, mode: String) async throws {
        let (world, item) = try await commented(platform)
        try await world.world.arm(mode, on: platform)
        _ = try await world.answer(item)
        try await world.settleReplies()
        let reply = try #require(try await world.inbox.get(item.id, for: world.world.caller).replies.first)
        let answers = try await world.answers(platform)
        let tookEffect = mode.hasSuffix("after_effect")
        if platform == .mastodon || tookEffect {
            #expect(reply.state == .sent)
            #expect(answers.count == 1)
        } else {
            #expect(reply.state == .unknown)
            #expect(reply.errorCode == "outcome_unknown")
            #expect(answers.isEmpty)
        }
    }

    @Test func aRateLimitIsWaitedForAndARefusalIsFinal() async throws {
        let (world, item) = try await commented(.facebook)
        try await world.world.arm("rate_limit", on: .facebook)
        _ = try await world.answer(item)
        try await world.work()
        let waiting = try #require(try await world.inbox.get(item.id, for: world.world.caller).replies.first)
        #expect(waiting.state == .pending)
        #expect(waiting.errorCode == "rate_limited")
        try await world.settleReplies()
        #expect(try await world.answers(.facebook).count == 1)

        try await world.world.arm("status", status: 400, on: .facebook)
        _ = try await world.answer(item, "Another one")
        try await world.settleReplies()
        let replies = try await world.inbox.get(item.id, for: world.world.caller).replies
        #expect(replies.map(\.state) == [.sent, .failed])
        #expect(try await world.answers(.facebook).count == 1)
    }

    /// Two people get the same thanks: what the first answer left is no proof of the second.
    @Test(arguments: [Platform.instagram, .facebook])
    func aLostReplyIsNotTakenForAnEarlierOneOfTheSameWords(platform: Platform) async throws {
        let (world, item) = try await commented(platform)
        _ = try await world.answer(item)
        try await world.settleReplies()
        try await world.world.arm("timeout_before_effect", on: platform)
        _ = try await world.answer(item)
        try await world.settleReplies()
        let replies = try await world.inbox.get(item.id, for: world.world.caller).replies
        #expect(replies.map(\.state) == [.sent, .unknown])
        #expect(try await world.answers(platform).count == 1)
    }

    @Test func theSameReplyIsNotQueuedTwiceAndLimitsAreThePlatforms() async throws {
        let (world, item) = try await commented(.instagram)
        _ = try await world.answer(item)
        await #expect(throws: APIError.self) { _ = try await world.answer(item) }
        let long = String(repeating: "x", count: 2201)
        await #expect(throws: APIError.self) { _ = try await world.answer(item, long) }
    }

    @Test func aHiddenCommentIsHiddenThereAndCannotBeAnswered() async throws {
        let (world, item) = try await commented(.facebook)
        let hidden = try await world.inbox.setHidden(true, item.id, for: world.world.caller)
        #expect(hidden.status == .hidden)
        let account = world.world.externalID(.facebook)
        #expect(try await world.world.sandbox.remarks(platform: .facebook, account: account, limit: 1).first?.isHidden == true)
        await #expect(throws: APIError.self) { _ = try await world.answer(item) }
        #expect(try await world.inbox.setHidden(false, item.id, for: world.world.caller).status == .read)
    }

    @Test func aCreatorAnswersOnlyWhereNothingIsReviewed() async throws {
        let (world, item) = try await commented(.mastodon)
        var creator = world.world.caller
        creator.role = .creator
        let caller = creator
        var input = InboxReplyInput()
        input.text = "Hi"
        let reply = input
        _ = try await world.inbox.reply(to: item.id, reply, for: caller)
        try await world.world.engine.write { connection in
            try connection.execute("UPDATE organization SET approval_required = TRUE")
        }
        await #expect(throws: APIError.self) { _ = try await world.inbox.reply(to: item.id, reply, for: caller) }
    }
}
