import Core
import Outbound
import Testing

@testable import Platforms

/// Every platform's inbox in front of its simulator: what is said is read, what is answered is seen, whatever goes wrong.
@Suite struct InboxContractTests {
    private struct Place {
        let bench: Bench
        let inbox: any InboxConnector
        let own = InboxAccount(externalID: Bench.account, username: "acme")
        let post: VisiblePost

        init(_ platform: Platform) async throws {
            bench = try Bench(platform)
            inbox = try #require(PlatformList.inbox(for: platform))
            let request = bench.post()
            let prepared = try await bench.prepare(request)
            guard case .published = await bench.connector.publish(request, prepared: prepared, on: bench.session) else {
                throw Bench.Missing(platform: platform)
            }
            post = try #require(bench.world.posts.first)
        }

        func comment(_ text: String, by author: String = "jane") async throws -> Remark {
            bench.clock.advance(by: .seconds(1))
            return try await bench.world.add(Remark(by: author, text: text, under: post, in: bench.world), key: nil)
        }

        func mention(_ text: String) async throws -> Remark {
            bench.clock.advance(by: .seconds(1))
            return try await bench.world.add(
                Remark(by: "joe", text: text, about: Bench.account, on: bench.platform, in: bench.world), key: nil)
        }

        func comments(since: Instant = Instant(seconds: 0)) async -> [InboxMessage] {
            let outcome = await inbox.comments(on: post.id, since: since, of: own, on: bench.session)
            guard case .read(let messages, _) = outcome else {
                Issue.record("\(outcome)")
                return []
            }
            return messages
        }

        func reply(to remark: Remark, _ text: String = "Thank you!", key: String = "k1") -> ReplyRequest {
            ReplyRequest(
                kind: remark.kind == .comment ? .comment : .mention, itemID: remark.id, postID: remark.postID,
                authorHandle: bench.platform == .facebook ? nil : remark.author, text: text, key: key,
                armedAt: bench.clock.now)
        }

        func send(_ request: ReplyRequest) async -> ReplyOutcome { await inbox.reply(request, of: own, on: bench.session) }

        var answers: [Remark] { bench.world.remarks.filter(\.isOwn) }
    }

    @Test(arguments: platforms)
    func whatIsSaidIsReadAsPlainText(platform: Platform) async throws {
        let place = try await Place(platform)
        let text = "I <3 this & that\nhttps://a.example/?x=1 @acme #spring \u{1F600}"
        let comment = try await place.comment(text)
        let mention = try await place.mention("Thanks to @acme")

        let read = try #require(await place.comments().first)
        #expect(read.id == comment.id)
        #expect(read.kind == .comment)
        #expect(read.text == text)
        #expect(read.postID == place.post.id)
        #expect((read.authorHandle ?? read.authorName) == "jane")
        #expect(read.createdAt.seconds == comment.createdAt.seconds)

        let outcome = await place.inbox.mentions(
            after: nil, since: Instant(seconds: 0), of: place.own, on: place.bench.session)
        guard case .read(let mentions, let cursor) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let found = mentions.filter { $0.id == mention.id }
        #expect(found.map(\.text) == ["Thanks to @acme"])
        // What was read is not read again where the platform has places.
        let again = await place.inbox.mentions(
            after: cursor, since: place.bench.clock.now + .seconds(1), of: place.own, on: place.bench.session)
        guard case .read(let later, _) = again else {
            Issue.record("\(again)")
            return
        }
        #expect(later.isEmpty)
    }

    @Test(arguments: platforms)
    func anAnswerStandsUnderWhatItAnswersAndIsNoItem(platform: Platform) async throws {
        let place = try await Place(platform)
        for remark in [try await place.comment("Love it!"), try await place.mention("Look at @acme")] {
            let before = place.answers.count
            guard case .sent(let id) = await place.send(place.reply(to: remark, key: "k\(before)")) else {
                Issue.record("not sent")
                return
            }
            let answer = try #require(place.answers.last)
            #expect(place.answers.count == before + 1)
            #expect(answer.id == id)
            #expect(answer.parentID == remark.id)
            #expect(answer.text.hasSuffix("Thank you!"))
        }
        let said = await place.comments().map(\.text)
        #expect(said == ["Love it!"])
    }

    @Test(arguments: platforms)
    func aLostAnswerIsAmbiguousAndTheReplyIsFound(platform: Platform) async throws {
        let place = try await Place(platform)
        let comment = try await place.comment("Hm?")
        let request = place.reply(to: comment)
        guard case .notFound = await place.inbox.find(request, of: place.own, on: place.bench.session) else {
            Issue.record("found what was not sent")
            return
        }
        place.bench.world.arm(SimulatedFault(mode: .timeoutAfterEffect), platform: platform, step: "publish")
        guard case .failed(let failure) = await place.send(request) else {
            Issue.record("not failed")
            return
        }
        #expect(failure.failureClass == .ambiguous)
        guard case .found(let id) = await place.inbox.find(request, of: place.own, on: place.bench.session) else {
            Issue.record("not found")
            return
        }
        #expect(place.answers.map(\.id) == [id])
    }

    @Test func aReplySentTwiceAppearsOnceOnMastodon() async throws {
        let place = try await Place(.mastodon)
        let comment = try await place.comment("Hm?")
        for _ in 0..<2 { _ = await place.send(place.reply(to: comment)) }
        #expect(place.answers.count == 1)
        #expect(MastodonConnector.replyKeyLifetime > .zero)
    }

    @Test(arguments: platforms)
    func hidingIsDoneTwiceWithoutHarmOrIsSaidToBeImpossible(platform: Platform) async throws {
        let place = try await Place(platform)
        let comment = try await place.comment("Rude")
        let canHide = type(of: place.inbox).canHide
        for _ in 0..<2 {
            let failure = await place.inbox.setHidden(true, comment.id, on: place.bench.session)
            #expect((failure == nil) == canHide)
        }
        #expect(place.bench.world.remarks.first?.isHidden == canHide)
        _ = await place.inbox.setHidden(false, comment.id, on: place.bench.session)
        #expect(place.bench.world.remarks.first?.isHidden == false)
    }

    @Test(arguments: platforms, [SimulatedFault.Mode.status, .rateLimit, .tokenRevoked, .timeoutBeforeEffect])
    func aFailedLookIsAFailureAndNothingElse(platform: Platform, mode: SimulatedFault.Mode) async throws {
        let place = try await Place(platform)
        _ = try await place.comment("Hi")
        place.bench.world.arm(SimulatedFault(mode: mode), platform: platform, step: "read", count: 2)
        let comments = await place.inbox.comments(
            on: place.post.id, since: Instant(seconds: 0), of: place.own, on: place.bench.session)
        let mentions = await place.inbox.mentions(
            after: nil, since: Instant(seconds: 0), of: place.own, on: place.bench.session)
        for outcome in [comments, mentions] {
            guard case .failed(let failure) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(failure.failureClass == (mode == .tokenRevoked ? .auth : .beforeEffect))
        }
    }

    @Test(arguments: platforms, HostileAnswer.all + [.notUTF8])
    func aHostileAnswerBringsNoItemAndNoCertainty(platform: Platform, answer: HostileAnswer) async throws {
        let inbox = try #require(PlatformList.inbox(for: platform))
        let own = InboxAccount(externalID: Bench.account, username: "acme")
        let request = ReplyRequest(
            kind: .comment, itemID: "1", postID: "2", authorHandle: "jane", text: "Hi", key: "k",
            armedAt: Instant(seconds: 0))
        let notice = MetaNotice(platform: platform, accountID: "1", message: nil, commentID: "3", postID: "4", authorID: nil)
        for status in [200, 404, 500] {
            let response = OutboundResponse(status: status, body: answer.body, isTruncated: answer.isTruncated)
            let session = Bench.session(platform, StuckTransport(response: response))
            let looks = [
                await inbox.comments(on: "1", since: Instant(seconds: 0), of: own, on: session),
                await inbox.mentions(after: "7", since: Instant(seconds: 0), of: own, on: session),
                await inbox.lookUp(notice, of: own, on: session),
            ]
            for outcome in looks {
                if case .read(let messages, _) = outcome { #expect(messages.isEmpty) }
            }
            if case .sent = await inbox.reply(request, of: own, on: session) {
                Issue.record("a reply was taken for sent")
            }
            #expect(await inbox.setHidden(true, "1", on: session) != nil)
            if case .found = await inbox.find(request, of: own, on: session) { Issue.record("a reply was taken for found") }
        }
    }

    @Test(arguments: platforms)
    func moreCommentsThanAPageAreReadAndOldOnesEndTheReading(platform: Platform) async throws {
        let place = try await Place(platform)
        for number in 0..<120 { _ = try await place.comment("Comment \(number)") }
        #expect(await place.comments().count == 120)
        place.bench.wire.forget()
        let late = place.bench.clock.now
        let recent = await place.comments(since: late)
        #expect(recent.contains { $0.text == "Comment 119" })
        #expect(place.bench.wire.requests.count == 1)
    }

    @Test func aLongTextIsCutAndItsNullsAreDropped() {
        let message = InboxMessage(
            kind: .comment, id: "1", authorHandle: String(repeating: "x", count: 999),
            text: "\0" + String(repeating: "y", count: 50_000), createdAt: Instant(seconds: 0))
        #expect(message.text.count == InboxMessage.maximumTextLength - 1)
        #expect(message.authorHandle?.count == 200)
    }
}
