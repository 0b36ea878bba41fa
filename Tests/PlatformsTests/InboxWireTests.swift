import Core
import Outbound
import Testing

@testable import Platforms

/// Byte for byte what the platforms get, and what their documented answers become.
@Suite struct InboxWireTests {
    private let own = InboxAccount(externalID: Bench.account, username: "acme")

    private static func status(
        _ id: String, by author: String, parent: String = "null", visibility: String = "public", content: String = "<p>Hi</p>"
    ) -> String {
        #"{"id":"\#(id)","created_at":"2026-02-03T10:00:00.000Z","in_reply_to_id":\#(parent),"visibility":"\#(visibility)","#
            + #""content":"\#(content)","url":"https://social.example/@\#(author)/\#(id)","account":{"id":"a-\#(author)","#
            + #""acct":"\#(author)","display_name":"The \#(author)","avatar":"https://files.example/\#(author).png"}}"#
    }

    @Test func mastodonsMentionsAreReadFromAPlaceOnUntilThereAreNoMore() async throws {
        let first =
            #"[{"id":"12","type":"mention","status":\#(Self.status("112", by: "jane@far.example"))},"#
            + #"{"id":"11","type":"mention","status":\#(Self.status("111", by: "joe", visibility: "direct"))},"#
            + #"{"id":"10","type":"mention","status":null}]"#
        let transport = ScriptedTransport(.json(first), .json("[]"))
        let outcome = await MastodonConnector().mentions(
            after: "9", since: Instant(seconds: 0), of: own, on: Bench.session(.mastodon, transport))
        guard case .read(let messages, let place) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(messages.map(\.id) == ["112"])
        #expect(messages.first?.authorHandle == "jane@far.example")
        #expect(messages.first?.authorName == "The jane@far.example")
        #expect(messages.first?.authorAvatarURL == "https://files.example/jane@far.example.png")
        #expect(messages.first?.permalink == "https://social.example/@jane@far.example/112")
        #expect(place == "12")
        #expect(
            transport.requests.map(\.line) == [
                "GET https://social.example/api/v1/notifications?types%5B%5D=mention&limit=40&min_id=9",
                "GET https://social.example/api/v1/notifications?types%5B%5D=mention&limit=40&min_id=12",
            ])
    }

    @Test func mastodonsContextGivesTheWholeThreadWithoutOurselves() async throws {
        let ours = Self.status("3", by: "acme").replacing("a-acme", with: Bench.account)
        let context =
            #"{"ancestors":[],"descendants":[\#(Self.status("2", by: "jane", parent: "\"1\"", content: "<p>a<br />b &amp; c</p>")),"#
            + #"\#(ours),{"nonsense":true}]}"#
        let transport = ScriptedTransport(.json(context))
        let outcome = await MastodonConnector().comments(
            on: "1", since: Instant(seconds: 0), of: own, on: Bench.session(.mastodon, transport))
        guard case .read(let messages, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(messages.map(\.text) == ["a\nb & c"])
        #expect(messages.first?.parentID == "1")
        #expect(transport.requests.map(\.line) == ["GET https://social.example/api/v1/statuses/1/context"])
    }

    @Test func mastodonsReplyNamesItsAuthorAndKeepsToTheCircleOfTheQuestion() async throws {
        let transport = ScriptedTransport(
            .json(Self.status("2", by: "jane", visibility: "private")), .json(#"{"id":"4"}"#))
        let request = ReplyRequest(
            kind: .comment, itemID: "2", postID: "1", authorHandle: "jane@far.example", text: "Thank you!", key: "k-1",
            armedAt: Instant(seconds: 0))
        guard case .sent(let id) = await MastodonConnector().reply(request, of: own, on: Bench.session(.mastodon, transport))
        else {
            Issue.record("not sent")
            return
        }
        #expect(id == "4")
        let sent = try #require(transport.requests.last)
        #expect(sent.line == "POST https://social.example/api/v1/statuses")
        #expect(sent.header("Idempotency-Key") == "k-1")
        #expect(sent.retriesStaleConnection == false)
        #expect(sent.bodyText == "status=%40jane%40far.example%20Thank%20you%21&in_reply_to_id=2&visibility=private")
    }

    @Test func aReplyToWhatIsGoneFailsForGood() async {
        let transport = ScriptedTransport(.json(#"{"error":"Record not found"}"#, status: 404))
        let request = ReplyRequest(
            kind: .comment, itemID: "2", postID: "1", authorHandle: "jane", text: "Hi", key: "k", armedAt: Instant(seconds: 0))
        guard
            case .failed(let failure) = await MastodonConnector().reply(
                request, of: own, on: Bench.session(.mastodon, transport))
        else {
            Issue.record("sent")
            return
        }
        #expect(failure.failureClass == .final)
        #expect(failure.code == "not_found")
    }

    @Test func instagramsCommentsComeWithTheirAnswers() async throws {
        let page =
            #"{"data":[{"id":"17","text":"Nice","timestamp":"2026-02-03T10:00:00+0000","username":"jane","from":{"id":"9","username":"jane"},"#
            + #""replies":{"data":[{"id":"18","text":"Ours","timestamp":"2026-02-03T10:01:00+0000","username":"acme"},"#
            + #"{"id":"19","text":"Yes","timestamp":"2026-02-03T10:02:00+0000","username":"joe"}]}}]}"#
        let transport = ScriptedTransport(.json(page))
        let outcome = await InstagramConnector().comments(
            on: "5", since: Instant(seconds: 0), of: own, on: Bench.session(.instagram, transport))
        guard case .read(let messages, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(messages.map(\.id) == ["17", "19"])
        #expect(messages.map(\.parentID) == [nil, "17"])
        let line = try #require(transport.requests.first?.line)
        #expect(line.hasPrefix("GET https://graph.example/v25.0/5/comments?fields=id%2Ctext%2Ctimestamp"))
        #expect(line.hasSuffix("&limit=50"))
    }

    @Test func instagramsMentionIsLookedUpAndAnsweredThroughTheAccount() async throws {
        let found =
            #"{"mentioned_comment":{"id":"21","text":"@acme look","timestamp":"2026-02-03T10:00:00+0000","username":"jane"},"id":"1"}"#
        let transport = ScriptedTransport(.json(found), .json(#"{"id":"22"}"#))
        let session = Bench.session(.instagram, transport)
        let notice = MetaNotice(
            platform: .instagram, accountID: Bench.account, message: nil, commentID: "21", postID: "20", authorID: nil)
        guard case .read(let messages, _) = await InstagramConnector().lookUp(notice, of: own, on: session) else {
            Issue.record("not read")
            return
        }
        #expect(messages.first?.kind == .mention)
        #expect(messages.first?.postID == "20")
        let request = ReplyRequest(
            kind: .mention, itemID: "21", postID: "20", authorHandle: "jane", text: "Hi", key: "k",
            armedAt: Instant(seconds: 0))
        guard case .sent = await InstagramConnector().reply(request, of: own, on: session) else {
            Issue.record("not sent")
            return
        }
        let sent = try #require(transport.requests.last)
        #expect(sent.line == "POST https://graph.example/v25.0/\(Bench.account)/mentions")
        #expect(sent.bodyText == "media_id=20&comment_id=21&message=Hi")
    }

    @Test func facebooksCommentsAreReadAsAStreamAndAnsweredUnderneath() async throws {
        let page =
            #"{"data":[{"id":"5_7","message":"Nice","created_time":"2026-02-03T10:00:00+0000","from":{"id":"9","name":"Jane Doe","#
            + #""picture":{"data":{"url":"https://files.example/jane.png"}}},"parent":{"id":"5_6"},"permalink_url":"https://www.facebook.com/5_7"},"#
            + #"{"id":"5_8","message":"Ours","created_time":"2026-02-03T10:00:00+0000","from":{"id":"\#(Bench.account)","name":"Acme"}},"#
            + #"{"id":"5_9","message":"Nobody said who","created_time":"2026-02-03T09:00:00+0000"}]}"#
        let transport = ScriptedTransport(.json(page), .json(#"{"id":"5_10"}"#), .json(#"{"success":true}"#))
        let session = Bench.session(.facebook, transport)
        let outcome = await FacebookConnector().comments(on: "1_5", since: Instant(seconds: 0), of: own, on: session)
        guard case .read(let messages, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(messages.map(\.id) == ["5_7", "5_9"])
        #expect(messages.first?.authorName == "Jane Doe")
        #expect(messages.first?.authorHandle == nil)
        #expect(messages.first?.parentID == "5_6")
        let line = try #require(transport.requests.first?.line)
        #expect(line.contains("/v25.0/1_5/comments?"))
        #expect(line.contains("filter=stream&order=reverse_chronological&limit=50"))
        let request = ReplyRequest(
            kind: .comment, itemID: "5_7", postID: "1_5", authorHandle: nil, text: "Thank you!", key: "k",
            armedAt: Instant(seconds: 0))
        _ = await FacebookConnector().reply(request, of: own, on: session)
        #expect(await FacebookConnector().setHidden(true, "5_7", on: session) == nil)
        #expect(
            transport.requests.dropFirst().map(\.line) == [
                "POST https://graph.example/v25.0/5_7/comments", "POST https://graph.example/v25.0/5_7",
            ])
        #expect(transport.requests.dropFirst().map(\.bodyText) == ["message=Thank%20you%21", "is_hidden=true"])
    }

    // MARK: Webhooks

    private static let page = #"""
        {"object":"page","entry":[{"id":"1","time":1770112800,"changes":[
        {"field":"feed","value":{"item":"comment","verb":"add","comment_id":"5_7","post_id":"1_5","parent_id":"1_5",
        "from":{"id":"9","name":"Jane Doe"},"message":"Nice","created_time":1770112800}},
        {"field":"feed","value":{"item":"comment","verb":"edited","comment_id":"5_7","post_id":"1_5","message":"Nicer"}},
        {"field":"feed","value":{"item":"like","verb":"add","post_id":"1_5"}},
        {"field":"feed","value":{"item":"comment","verb":"add","comment_id":"5_8","post_id":"1_5","parent_id":"5_7",
        "from":{"id":"1","name":"Acme"},"message":"Ours","created_time":1770112801}},
        {"field":"mention","value":{"item":"post","verb":"add","post_id":"8_8","sender_id":"9"}}]}]}
        """#

    @Test func aPagesNotificationNamesCommentsAndMentionsOfOthers() throws {
        let notices = try #require(MetaNotice.parse(Array(Self.page.utf8)))
        #expect(notices.map(\.accountID) == ["1", "1"])
        #expect(notices[0].message?.id == "5_7")
        #expect(notices[0].message?.parentID == nil)
        #expect(notices[0].message?.createdAt == Instant(seconds: 1_770_112_800))
        #expect(notices[1].message == nil)
        #expect(notices[1].postID == "8_8")
    }

    @Test func instagramsNotificationIsWholeForCommentsAndNamesMentions() throws {
        let body = #"""
            {"object":"instagram","entry":[{"id":"17","time":1770112800,"changes":[
            {"field":"comments","value":{"id":"21","text":"Hi","from":{"id":"9","username":"jane"},"media":{"id":"20"},"parent_id":"19"}},
            {"field":"mentions","value":{"media_id":"30","comment_id":"31"}},
            {"field":"mentions","value":{"media_id":"30){id},me","comment_id":"31"}},
            {"field":"story_insights","value":{"media_id":"30"}}]}]}
            """#
        let notices = try #require(MetaNotice.parse(Array(body.utf8)))
        #expect(notices.map(\.commentID) == ["21", "31"])
        #expect(notices[0].message?.authorHandle == "jane")
        #expect(notices[0].message?.postID == "20")
        #expect(notices[1].message == nil)
    }

    @Test(arguments: ["", "[]", "7", "{", #"{"object":"page"}"#, #"{"object":7,"entry":[]}"#])
    func whatIsNoNotificationIsNone(body: String) { #expect(MetaNotice.parse(Array(body.utf8)) == nil) }

    @Test(arguments: [
        #"{"object":"user","entry":[{"id":"1","changes":[{"field":"comments","value":{"id":"1"}}]}]}"#,
        #"{"object":"page","entry":[7,{"id":{}},{"id":"1"},{"id":"1","changes":[7,{"field":"feed"},{"value":{}}]}]}"#,
        #"{"object":"page","entry":[{"id":"1","changes":[{"field":"feed","value":{"item":"comment","verb":"add","comment_id":"2","created_time":9e300}}]}]}"#,
    ])
    func whatIsOddInANotificationIsPassedOver(body: String) { #expect(MetaNotice.parse(Array(body.utf8)) == []) }
}
